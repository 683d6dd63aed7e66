import { formatDuration } from "../../../model/units.ts";
import type { Range } from "../../../plan/forecast-types.ts";
import type { GroupPlan } from "../../../plan/groups/types.ts";
import { startOf } from "../../../plan/platforms/aws/timers.ts";

/* The pace at which a group's machines are replaced. */

/** How long a refresh of a group takes, milliseconds: batch after batch, and the stops between. */
export function refreshTime(group: GroupPlan): Range {
  const { count, refresh } = group;
  const { atOnce = 1, checkpoints, pause, patience, drain } = refresh;
  const batches = Math.ceil(count.desired / atOnce);
  const stops = checkpoints.length * pause;
  return {
    low: stops + batches * (startOf(group, "launch").low + warmup),
    high: stops + batches * (patience + warmup + drain),
  };
}

/** What the adapter asks for, milliseconds: a new machine counts so long after it is ready. */
const warmup = 30_000;

/** The pace of a refresh in words. */
export function paceInWords({ refresh }: GroupPlan): string {
  const { checkpoints, pause } = refresh;
  return checkpoints.length === 0 ? "" : `, stops ${formatDuration(pause)} at ${checkpoints.join(", ")} %`;
}
