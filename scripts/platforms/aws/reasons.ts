import { keyShown, withId } from "../../../components/plan/shown.ts";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { eventsOf, type GroupEvent } from "./activities.ts";
import type { Subject } from "./observe.ts";

/** So many of a group's newest doings. */
const looked = 10;

/** So many lines of what a machine said last. */
const mostLines = 3;

/**
 * In AWS's own words why groups don't get their machines: of each the newest launch since a moment, where it has failed. Tells
 * nothing where nothing failed, or AWS can't be asked; whoever asks has a failure of its own to tell.
 */
export async function launchFailures(
  { access, plan }: Pick<Subject, "access" | "plan">,
  since: Date,
): Promise<string[]> {
  try {
    return failuresIn(plan, await eventsOf(access, plan.groups, looked), since);
  } catch {
    return [];
  }
}

/** @param events the oldest first */
export function failuresIn(plan: ClusterPlan, events: readonly GroupEvent[], since: Date): string[] {
  const launches = events.filter(({ event, time }) => event === "launch" && time >= since.toISOString());
  return plan.groups.flatMap(({ key, pool }) => {
    const last = launches.findLast(({ group, status }) => group === key && status !== "InProgress");
    if (last === undefined || last.status === "Successful") return [];
    const said = (last.lastLines ?? []).slice(-mostLines).map((line) => line.trim());
    const words = said.length === 0 ? "" : `; its machine said last: ${said.join(" / ")}`;
    return [
      `${withId(keyShown(plan, key, pool), key)}: the launch of ${last.node ?? "a machine"} has ${last.status === "Failed" ? "failed" : "ended"} (${last.why.replace(/\.$/, "")})${words}`,
    ];
  });
}
