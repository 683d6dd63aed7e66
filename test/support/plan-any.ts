import { loadStack } from "../../components/model/define.ts";
import { plan } from "../../components/plan/plan.ts";
import type { ClusterPlan, PlanContext } from "../../components/plan/types.ts";

/** A context with an image for everything that the pools of a stack could ask for. */
export function contextFor(stack: { readonly pools: object }, owner = "0123abcd"): PlanContext {
  const ids = Object.entries(stack.pools).map(([name, pool]: [string, { id?: string }]) => pool.id ?? name);
  const built = ids.map((pool) => [`pool:${pool}`, `hotspare/${pool}:test`]);
  return {
    owner,
    images: {
      balancer: "hotspare/balancer:test",
      node: "hotspare/node:test",
      director: "hotspare/director:test",
      warden: "hotspare/warden:test",
      filter: "hotspare/filter:test",
      ...Object.fromEntries(built),
    },
  };
}

/** The plan of any stack, with fixed images and owner. */
export function planAny(stack: { readonly pools: object }, owner?: string): ClusterPlan {
  return plan(loadStack("test", stack), contextFor(stack, owner));
}
