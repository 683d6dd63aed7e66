import { loadStack } from "../../components/model/define.ts";
import { plan } from "../../components/plan/plan.ts";
import type { ClusterPlan, PlanContext } from "../../components/plan/types.ts";

/** A context with an image for everything that a stack could ask for. */
export function contextFor(stack: { readonly pools: object }, owner = "0123abcd"): PlanContext {
  const ids = Object.entries(stack.pools).map(([name, pool]: [string, { id?: string }]) => pool.id ?? name);
  const { accessories = {}, workers = {} } = stack as { accessories?: object; workers?: object };
  const names = [
    ...ids.map((pool) => ["pool", pool] as const),
    ...Object.keys(accessories).map((name) => ["accessory", name] as const),
    ...Object.keys(workers).map((name) => ["worker", name] as const),
  ];
  const built = names.map(([what, name]) => [`${what}:${name}`, `hotspare/${name}:test`]);
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
