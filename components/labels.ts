import type { ClusterPlan } from "./plan/types.ts";

/** Prefix of every label and tag. Cleaning up finds things by these and by nothing else. */
export const labelPrefix = "hotspare.";

/** Labels of the cluster as a whole; on everything that is made. */
export function clusterLabels(plan: ClusterPlan, stack: string): Record<string, string> {
  return {
    [`${labelPrefix}owner`]: plan.owner,
    [`${labelPrefix}stack`]: stack,
    [`${labelPrefix}cluster`]: plan.cluster,
  };
}

/** Labels of one machine, on top of the cluster's. */
export function machineLabels(machine: {
  readonly key: string;
  readonly role: string;
}): Record<string, string> {
  return { [`${labelPrefix}role`]: machine.role, [`${labelPrefix}key`]: machine.key };
}
