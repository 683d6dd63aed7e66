import { parseEvent } from "../events/sentence.ts";
import { LineSink } from "../platforms/docker/line-sink.ts";
import { atMost, type DrillCluster } from "./context.ts";
import { pieces } from "./lines.ts";
import type { WardenAct } from "./types.ts";

/** Longest wait for the log of a warden. */
const patience = 15_000;
/** What a warden does to machines, beside what it sees and says; only who believes to lead does. */
const acts: ReadonlySet<string> = new Set(["start", "stop", "restart", "unpause"]);

/** All that the wardens did to machines since a moment, by their logs. */
export async function wardenActs(cluster: DrillCluster, since: number): Promise<WardenAct[]> {
  const found = cluster.plan.wardens.map(async ({ key }) => {
    const container = await cluster.container(key);
    const options = { stdout: true, stderr: false, since: Math.floor(since / 1000), follow: false } as const;
    const log = await atMost(patience, `reading the log of ${key}`, container.logs(options));
    const told: WardenAct[] = [];
    const sink = new LineSink((line) => {
      const event = parseEvent(line);
      if (event === null || !acts.has(event.event)) return;
      told.push({ warden: key, at: Date.parse(event.time), act: event.event, node: event.node ?? "" });
    });
    for (const piece of pieces(log)) sink.write(piece);
    return told;
  });
  return (await Promise.all(found)).flat().filter(({ at }) => at >= since);
}
