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

/**
 * The balancers lose each other while everybody else still reaches both: each drops what is for the others, by a route of its
 * own. So it needs no rights on the host, and it is a real split: both take the address.
 */
export function partition(cluster: DrillCluster, holder: string): Fault {
  const { balancers } = cluster.plan;
  const routes = (verb: "replace" | "delete") =>
    balancers.flatMap(({ key, address }) =>
      balancers
        .filter((other) => other.address !== address)
        .map((other) => [key, "ip", "route", verb, "blackhole", `${other.address}/32`] as const),
    );
  return {
    victims: balancers.map(({ key }) => key).sort((a, b) => Number(b === holder) - Number(a === holder)),
    strike: async () => {
      await Promise.all(routes("replace").map(([key, ...command]) => cluster.exec(key, ...command)));
    },
    heal: async () => {
      const removed = routes("delete").map(([key, ...command]) =>
        cluster.exec(key, ...command).catch((error: Error) => {
          if (!error.message.includes("No such process")) throw error;
        }),
      );
      await Promise.all(removed);
    },
  };
}
