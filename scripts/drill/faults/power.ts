import type { DrillCluster } from "../context.ts";
import type { Fault } from "./types.ts";

/** Docker's answer when the container is in that state already, or is no longer there. */
function unlessDone(error: { statusCode?: number }): void {
  if (![304, 404, 409].includes(error.statusCode ?? 0)) throw error;
}

type Call = "kill" | "start" | "pause" | "unpause";

async function each(cluster: DrillCluster, keys: readonly string[], call: Call): Promise<void> {
  const containers = await Promise.all(keys.map((key) => cluster.container(key)));
  await Promise.all(containers.map((container) => container[call]().catch(unlessDone)));
}

export function kill(cluster: DrillCluster, victims: readonly string[]): Fault {
  return {
    victims,
    strike: () => each(cluster, victims, "kill"),
    heal: () => each(cluster, victims, "start"),
  };
}

export function freeze(cluster: DrillCluster, victims: readonly string[]): Fault {
  return {
    victims,
    strike: () => each(cluster, victims, "pause"),
    heal: () => each(cluster, victims, "unpause"),
  };
}

export function stop(cluster: DrillCluster, victims: readonly string[]): Fault {
  return {
    victims,
    // The signal alone: the fault begins with it, not with the end of what the machine still does.
    strike: async () => {
      for (const key of victims) await (await cluster.container(key)).kill({ signal: "SIGTERM" });
    },
    heal: async () => {
      for (const key of victims) await (await cluster.container(key)).stop({ t: 8 }).catch(unlessDone);
      await each(cluster, victims, "start");
    },
  };
}

/** The supervisor in the balancer starts the program again; there is nothing to heal. */
export function killProgram(cluster: DrillCluster, holder: string, program: "nginx" | "keepalived"): Fault {
  return {
    victims: [holder],
    strike: async () => void (await cluster.exec(holder, "pkill", "-KILL", "-x", program)),
    heal: async () => {},
  };
}
