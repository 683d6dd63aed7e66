import type { Range } from "./forecast-types.ts";
import type { PoolPlan } from "./types.ts";

/** Until `fall` checks have failed: each at once (refused, 500), or only when its time-out is over. */
export function outByChecks({ health }: PoolPlan, silent: boolean): Range {
  const last = silent ? health.timeout : 0;
  return { low: (health.fall - 1) * health.interval + last, high: health.fall * health.interval + last };
}
