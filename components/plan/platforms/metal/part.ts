import type { ClusterPlan } from "../../types.ts";
import type { MetalPlan, ServerPlan } from "./types.ts";

/** What only this platform's plan has. @throws Error for a plan of another platform */
export function metalPlanOf({ cluster, platform }: Pick<ClusterPlan, "cluster" | "platform">): MetalPlan {
  if (platform.kind === "metal") return platform;
  throw new Error(`${cluster}: the plan is for ${platform.kind}`);
}

/** The server that carries a machine, and its name. @throws Error for a machine that none carries */
export function serverOf(plan: ClusterPlan, key: string): ServerPlan & { readonly name: string } {
  const found = Object.entries(metalPlanOf(plan).servers).find(([, { machines }]) => machines.includes(key));
  if (found === undefined) throw new Error(`${key}: no server of the plan carries it`);
  return { name: found[0], ...found[1] };
}
