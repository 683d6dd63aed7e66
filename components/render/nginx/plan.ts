import type { NginxTierPlan } from "../../plan/tiers/nginx/types.ts";
import type { ClusterPlan } from "../../plan/types.ts";

/** A plan whose balancers are nginx. */
export type NginxPlan = ClusterPlan & { readonly tier: NginxTierPlan };

/** @throws Error for a plan with other balancers */
export function nginxPlan(plan: ClusterPlan): NginxPlan {
  const { tier } = plan;
  if (tier.kind === "nginx") return { ...plan, tier };
  throw new Error(
    `${plan.cluster}: its balancers are of the kind ${(tier as { kind: string }).kind}, not nginx`,
  );
}
