import type Docker from "dockerode";
import type { MachineFault, MachineFaultKind } from "../../../drill/platform.ts";

/** What the faults of containers are made with. */
export interface ContainerFaultArgs {
  readonly docker: Docker;
  /** The cluster's network. */
  readonly network: string;
  container(key: string): Promise<Docker.Container>;
}

type Make = (args: ContainerFaultArgs, keys: readonly string[]) => MachineFault;

/** Docker's answer when the container is in that state already, or is no longer there. */
function unlessDone(error: { statusCode?: number }): void {
  if (![304, 404, 409].includes(error.statusCode ?? 0)) throw error;
}

type Call = "kill" | "start" | "pause" | "unpause";

async function each({ container }: ContainerFaultArgs, keys: readonly string[], call: Call): Promise<void> {
  const containers = await Promise.all(keys.map((key) => container(key)));
  await Promise.all(containers.map((one) => one[call]().catch(unlessDone)));
}

const kill: Make = (args, keys) => ({
  strike: () => each(args, keys, "kill"),
  heal: () => each(args, keys, "start"),
});

/** The cgroup freezer. */
const freeze: Make = (args, keys) => ({
  strike: () => each(args, keys, "pause"),
  heal: () => each(args, keys, "unpause"),
});

/** As `docker stop` does. */
const stop: Make = (args, keys) => ({
  // The signal alone: the fault begins with it, not with the end of what the machine still does.
  strike: async () => {
    for (const key of keys) await (await args.container(key)).kill({ signal: "SIGTERM" });
  },
  heal: async () => {
    for (const key of keys) await (await args.container(key)).stop({ t: 8 }).catch(unlessDone);
    await each(args, keys, "start");
  },
});

/** Who has the network of a machine: another container, where that holds addresses for it. */
async function networked(docker: Docker, one: Docker.Container): Promise<Docker.Container> {
  const { HostConfig } = await one.inspect();
  const other = /^container:(.+)$/.exec(HostConfig.NetworkMode ?? "")?.[1];
  return other === undefined ? one : docker.getContainer(other);
}

/** Pulls a machine's plug: it runs on and can reach nobody. */
const disconnect: Make = ({ docker, network: name, container }, keys) => {
  const network = docker.getNetwork(name);
  const before = new Map<string, Docker.EndpointSettings>();
  return {
    strike: async () => {
      for (const key of keys) {
        const one = await networked(docker, await container(key));
        const { NetworkSettings } = await one.inspect();
        const had = NetworkSettings.Networks[name];
        if (had !== undefined) before.set(one.id, had as Docker.EndpointSettings);
        await network.disconnect({ Container: one.id, Force: true });
      }
    },
    heal: async () => {
      for (const [Container, { IPAMConfig, Aliases }] of before) {
        await network
          .connect({ Container, EndpointConfig: { IPAMConfig, Aliases } as Docker.EndpointSettings })
          .catch(alreadyConnected);
      }
    },
  };
};

function alreadyConnected(error: Error): void {
  if (!error.message.includes("already exists")) throw error;
}

/** The faults of whole containers. */
export const containerFaults: Readonly<Record<Exclude<MachineFaultKind, "cut">, Make>> = {
  kill,
  freeze,
  stop,
  disconnect,
};
