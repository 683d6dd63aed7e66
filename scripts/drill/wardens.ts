import { parseEvent } from "../events/sentence.ts";
import { atMost, type DrillCluster } from "./context.ts";
import type { WardenAct } from "./types.ts";

/** Longest wait for the log of a warden. */
const patience = 15_000;
/** What a warden does to machines, beside what it sees and says; only who believes to lead does. */
const acts: ReadonlySet<string> = new Set(["start", "stop", "restart", "unpause", "fence"]);

/** All that the wardens did to machines since a moment, by their logs. */
export async function wardenActs({ platform, plan }: DrillCluster, since: number): Promise<WardenAct[]> {
  const found = plan.wardens.map(async ({ key }) => {
    const told: WardenAct[] = [];
    const reading = platform.readLog(key, since, (line) => {
      const event = parseEvent(line);
      if (event === null || !acts.has(event.event)) return;
      told.push({ warden: key, at: Date.parse(event.time), act: event.event, node: event.node ?? "" });
    });
    await atMost(patience, `reading the log of ${key}`, reading);
    return told;
  });
  return (await Promise.all(found)).flat().filter(({ at }) => at >= since);
}
