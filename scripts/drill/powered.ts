import { platformPlanner } from "../../components/plan/platforms/select.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";

/** Keys of a pool's active nodes whose power can be cut, and that no other machine of the cluster would lose with them. */
export function loneNodes(plan: ClusterPlan, pool: string): string[] {
  return plan.nodes
    .filter((node) => node.pool === pool && node.role === "active")
    .map(({ key }) => key)
    .filter((key) => poweredWith(plan, key)?.length === 1);
}

/** Machines that lose their power with this one; null where nothing can cut it. */
export function poweredWith(plan: ClusterPlan, key: string): readonly string[] | null {
  return platformPlanner(plan.platform.kind).poweredWith(plan, key);
}
