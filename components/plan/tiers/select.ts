import type { BalancerSpec, ClusterSpec, SecretReference } from "../../model/spec.ts";
import type { TierPlanner } from "./contract.ts";
import { nginxPlanner } from "./nginx/planner.ts";

/** By kind; one that is not here is not built yet. */
const planners: { readonly [K in BalancerSpec["kind"]]?: TierPlanner<Extract<BalancerSpec, { kind: K }>> } = {
  nginx: nginxPlanner,
};

/** @throws Error for a kind that isn't built yet; the model's rules refuse it */
export function tierPlanner(kind: BalancerSpec["kind"]): TierPlanner {
  const planner = planners[kind];
  if (planner === undefined) throw new Error(`balancer.kind: "${kind}" is not built yet`);
  // Whoever asks by a balancer's kind gives it that balancer.
  return planner as TierPlanner;
}

/** Secrets that hold what the balancers show or prove; by the stack, since the planner is given their fingerprints. */
export function tierSecrets({ balancer }: ClusterSpec): readonly SecretReference[] {
  return tierPlanner(balancer.kind).secrets(balancer);
}
