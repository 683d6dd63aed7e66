import type { ClusterPlan } from "../../plan/types.ts";
import type { Sides } from "./types.ts";

/*
 * Pools of two plans are matched by their ids; people are told their names.
 */

/** What a pool of either side is called: as it will be, or as it was where it goes. */
export function poolNames({ before, after }: Sides<Pick<ClusterPlan, "pools">>): (pool: string) => string {
  const names = new Map(
    [before, after].flatMap((plan) => plan?.pools.map(({ name, shownAs }) => [name, shownAs] as const) ?? []),
  );
  return (pool) => names.get(pool) ?? pool;
}

/** A pool that stands under its old name only: another pool comes in its place, at its addresses. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
}

/**
 * Pools that go while another comes in just their place. What stands in one place has its addresses and ports, and what goes does so
 * last; so whatever the person meant, it can't be done in one go.
 *
 * @param before ids of the pools that stand, in their order
 * @param after the pools that are to be
 */
export function renamedPools(
  before: readonly string[],
  after: readonly Pick<ClusterPlan["pools"][number], "name">[],
): Renamed[] {
  const now = after.map(({ name }) => name);
  return before.flatMap((from, place) => {
    const to = now[place];
    return to === undefined || now.includes(from) || before.includes(to) ? [] : [{ from, to }];
  });
}
