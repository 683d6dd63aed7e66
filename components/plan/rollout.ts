import type { ClusterSpec } from "../model/spec.ts";

/** Pace of a change of nodes, in milliseconds. */
export type RolloutPlan = ClusterSpec["rollout"] & { readonly patience: number };

/** What a stack leaves open is filled in: the gate waits for the slowest pool's nodes. */
export function planRollout({ rollout, pools }: ClusterSpec): RolloutPlan {
  const slowest = Math.max(...Object.values(pools).map(({ health }) => health.startup));
  return { ...rollout, patience: rollout.patience ?? slowest };
}
