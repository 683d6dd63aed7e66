import { counted } from "../../model/words.ts";
import { routeAnswering, routeName } from "../../plan/route-name.ts";
import { poolShown } from "../../plan/shown.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import { betweenPlans, eachPool, type PoolSide, percent, type RiskRule } from "./rule.ts";

/* What a change takes from a pool's capacity, and from what is left of it after a loss. */

const lastHotStandby: RiskRule = {
  code: "risk.last-hot-standby-removed",
  severity: "danger",
  when: "a pool had hot standbys and has none any more",
  hint: "keep one: set `standby.hot` to 1 or more",
  find: eachPool((pool, before, after) =>
    before.hot === 0 || after.hot > 0
      ? null
      : {
          path: `pools.${pool}.standby.hot`,
          message: `${counted(before.hot, "hot standby")} → none: when ${after.active === 1 ? "the only active node" : `one of ${after.active} active nodes`} is lost nobody steps in at once`,
        },
  ),
};

const capacityHalved: RiskRule = {
  code: "risk.capacity-halved",
  severity: "danger",
  when: "a pool's active nodes have half the cores that they had, or less",
  hint: "go down in steps and watch the load, or say why the load is gone",
  find: eachPool((pool, before, after) => {
    if (before.cpus === 0 || after.cpus > before.cpus / 2) return null;
    const less = percent(1 - after.cpus / before.cpus);
    return {
      path: `pools.${pool}.active`,
      message: `${counted(before.active, "active node")} → ${after.active}, ${cores(before.cpus)} → ${cores(after.cpus)} cores: ${less} less capacity`,
    };
  }),
};

const coverTooThin: RiskRule = {
  code: "risk.cover-too-thin",
  severity: "warning",
  when: "the loss of a pool's most loaded node used to leave more than half of its capacity, and now leaves half or less",
  hint: "add an active node or a hot standby, or bring the weights closer together",
  find: eachPool((pool, before, after) => {
    const [old, now] = [leftAfterLoss(before), leftAfterLoss(after)];
    if (old <= 0.5 || now > 0.5) return null;
    const load = now === 0 ? "nobody answers" : `the others get ${(1 / now).toFixed(1)} times their requests`;
    return {
      path: `pools.${pool}.active`,
      message: `when ${mostLoadedInWords(after)} is lost ${percent(now)} of the capacity is left, ${percent(old)} before: ${load}`,
    };
  }),
};

/**
 * Part of the capacity, by weight, that is left when the most loaded active node is lost and a hot standby has stepped in for it.
 * Without wardens standbys serve when no active node can, and so for a pool of one only.
 */
function leftAfterLoss(pool: PoolSide): number {
  if (pool.active === 0) return 0;
  const total = pool.shares.reduce((sum, { weight }) => sum + weight, 0);
  const lost = Math.max(...pool.shares.map(({ weight }) => weight));
  const back = pool.stepsIn || pool.active === 1 ? pool.hotWeight : 0;
  return Math.min(1, (total - lost + back) / total);
}

/** By its name only where it is more loaded than others. */
function mostLoadedInWords({ shares, active }: PoolSide): string {
  const most = shares.toSorted((a, b) => b.weight - a.weight);
  const alike = most.at(0)?.weight === most.at(-1)?.weight;
  if (active === 1) return "the only active node";
  return (alike ? undefined : most[0]?.node) ?? "an active node";
}

function cores(cpus: number): string {
  return String(Number(cpus.toFixed(2)));
}

const poolRemovedInUse: RiskRule = {
  code: "risk.pool-removed-in-use",
  severity: "danger",
  when: "a pool is removed, and its paths fall to a pool that was there before, or to nobody",
  hint: "let a new pool answer them, or make sure that the other one can bear their requests",
  find: betweenPlans((before, after) => {
    const [old, now] = [poolNames(before), poolNames(after)];
    return before.routes
      .filter(({ pool }) => !now.has(pool))
      .flatMap((route) => {
        const { pool } = route;
        const heir = routeAnswering(after, route)?.pool;
        if (heir !== undefined && !old.has(heir)) return [];
        const then =
          heir === undefined
            ? "nobody answers them"
            : `pool "${poolShown(after, heir)}" gets them on top of its own`;
        return {
          path: `pools.${pool}`,
          message: `requests below ${routeName(route)} were for pool "${poolShown(before, pool)}", which is removed: ${then}`,
        };
      });
  }),
};

function poolNames({ pools }: ClusterPlan): Set<string> {
  return new Set(pools.map(({ name }) => name));
}

export const coverRules: readonly RiskRule[] = [
  lastHotStandby,
  capacityHalved,
  coverTooThin,
  poolRemovedInUse,
];
