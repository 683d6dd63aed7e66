import type { DrillCluster } from "../context.ts";
import type { Fault } from "./types.ts";

/** Orders a fault of the sample node on its loopback, from inside its machine: nobody else can reach it there. */
async function order(
  { platform }: DrillCluster,
  victims: readonly string[],
  method: string,
  query = "",
): Promise<void> {
  const url = JSON.stringify(`http://127.0.0.1:9181/fault${query}`);
  const script = `fetch(${url},{method:"${method}"}).then((r)=>process.exit(r.ok?0:1),(e)=>{console.error(e.cause?.message??e.message);process.exit(1)})`;
  await Promise.all(victims.map((key) => platform.exec(key, "node", "-e", script)));
}

/** Every request of a node, its checks too, is answered with this status. */
export function answers(cluster: DrillCluster, victims: readonly string[], status: number): Fault {
  return {
    victims,
    strike: () => order(cluster, victims, "PUT", `?kind=status&status=${status}`),
    heal: () => order(cluster, victims, "DELETE"),
  };
}

/** Every answer of a node, to its checks too, comes so much later. */
export function slow(cluster: DrillCluster, victims: readonly string[], milliseconds: number): Fault {
  return {
    victims,
    strike: () => order(cluster, victims, "PUT", `?kind=slow&ms=${milliseconds}`),
    heal: () => order(cluster, victims, "DELETE"),
  };
}

/** A node's process ends by itself, and its platform starts it again. */
export function crash(cluster: DrillCluster, victims: readonly string[]): Fault {
  return {
    victims,
    // It can't answer any more, so the order always "fails".
    strike: () => order(cluster, victims, "PUT", "?kind=crash").catch(() => undefined),
    heal: async () => {},
  };
}
