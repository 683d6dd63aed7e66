import { balancerCount, poolCapacity } from "../../plan/capacity.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import type { Cover, PoolCover } from "./types.ts";

/** What of a cluster may be lost at the same time while it still answers. @param shown what a pool is called there */
export function coverOf(plan: ClusterPlan, shown = (pool: string) => pool): Cover {
  return {
    balancers: Math.max(0, balancerCount(plan) - 1),
    pools: plan.pools.map(({ name }) => ({ ...poolCover(plan, name), pool: shown(name) })),
  };
}

function poolCover(plan: ClusterPlan, pool: string): PoolCover {
  const { active, hot, cpus, strongest } = poolCapacity(plan, pool);
  return {
    pool,
    nodes: Math.max(0, active + hot - 1),
    wholeCapacity: Math.min(active, standbys(plan, hot, active)),
    afterOneLoss: cpus === 0 ? 0 : 1 - strongest / cpus,
  };
}

/**
 * Hot standbys that step in for single nodes: a warden promotes one for each that is lost, up to its limit; where groups keep the
 * machines the balancers let as many serve along as are missing. Without either standbys serve when no active node can, so they
 * keep the capacity of a pool of one only.
 */
function standbys(plan: ClusterPlan, hot: number, active: number): number {
  if (plan.groups.length > 0) return hot;
  const [warden] = plan.wardens;
  return warden === undefined ? (active === 1 ? hot : 0) : Math.min(hot, warden.timers.limit);
}
