import type { BalancerSpec, ClusterSpec, SecretReference } from "../../model/spec.ts";
import type { TierPlanner } from "./contract.ts";
import { lvsPlanner } from "./lvs/planner.ts";
import { nginxPlanner } from "./nginx/planner.ts";

const planners: { readonly [K in BalancerSpec["kind"]]: TierPlanner<Extract<BalancerSpec, { kind: K }>> } = {
  lvs: lvsPlanner,
  nginx: nginxPlanner,
};

/** What plans tiers of a kind. */
export function tierPlanner(kind: BalancerSpec["kind"]): TierPlanner {
  // Whoever asks by a balancer's kind gives it that balancer.
  return planners[kind] as TierPlanner;
}

/** The images of all kinds: first the one that others begin with, and the door is made of. */
export const tierImages: readonly string[] = [
  nginxPlanner.image,
  ...Object.values(planners).flatMap(({ image }) => (image === nginxPlanner.image ? [] : [image])),
];

/** The images of a stack's own balancers, and of what is in front of them. */
export const tierImagesOf = ({ balancer, directors }: ClusterSpec): readonly string[] =>
  [balancer, ...(directors === null ? [] : [directors])].map(({ kind }) => planners[kind].image);

/** Secrets that hold what the balancers show or prove; by the stack, since the planner is given their fingerprints. */
export function tierSecrets({ balancer }: ClusterSpec): readonly SecretReference[] {
  return tierPlanner(balancer.kind).secrets(balancer);
}
