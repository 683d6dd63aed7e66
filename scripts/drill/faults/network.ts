import type Docker from "dockerode";
import type { DrillCluster } from "../context.ts";
import type { Fault } from "./types.ts";

/** Pulls a machine's plug: it runs on and can reach nobody. */
export function disconnect(cluster: DrillCluster, victims: readonly string[]): Fault {
  const networkName = cluster.plan.network.name;
  const network = cluster.docker.getNetwork(networkName);
  const before = new Map<string, Docker.EndpointSettings>();
  return {
    victims,
    strike: async () => {
      for (const key of victims) {
        const container = await cluster.container(key);
        const { NetworkSettings } = await container.inspect();
        const had = NetworkSettings.Networks[networkName];
        if (had !== undefined) before.set(container.id, had as Docker.EndpointSettings);
        await network.disconnect({ Container: container.id, Force: true });
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
}

function alreadyConnected(error: Error): void {
  if (!error.message.includes("already exists")) throw error;
}

/** An address of a card that nobody has (locally administered). */
const nobody = "02:00:00:00:00:01";

/**
 * The balancers lose each other while everybody else still reaches both: each is told a wrong hardware address for the others,
 * so that its adverts reach nobody. It needs no rights on the host, and it is a real split: both take the address. (A blackhole
 * route does nothing to keepalived, which sends past the routes of that kind.)
 */
export function partition(cluster: DrillCluster, holder: string): Fault {
  const { balancers } = cluster.plan;
  const each = (command: (address: string) => string[]) =>
    Promise.all(
      balancers.flatMap(({ key, address }) =>
        balancers
          .filter((other) => other.address !== address)
          .map((other) => cluster.exec(key, "ip", "neighbour", ...command(other.address))),
      ),
    );
  return {
    victims: balancers.map(({ key }) => key).sort((a, b) => Number(b === holder) - Number(a === holder)),
    strike: async () => {
      await each((address) => ["replace", address, "lladdr", nobody, "dev", "eth0", "nud", "permanent"]);
    },
    heal: async () => {
      // Not deleted but forgotten: the next packet asks for the real one; harmless where nothing was changed.
      await each((address) => ["flush", "to", address, "dev", "eth0", "nud", "permanent"]);
    },
  };
}
