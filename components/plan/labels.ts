import type { ClusterPlan } from "./types.ts";

/** Prefix of every label and tag. Cleaning up finds things by these and by nothing else. */
export const labelPrefix = "hotspare.";

/** Label of what holds data and stays when the cluster goes; its value is the volume's name in the stack. */
export const keptLabel = `${labelPrefix}kept`;

/** Label of a one-off container; not the cluster's own labels, so that no `up` sweeps a task that runs. */
export const taskLabel = `${labelPrefix}task`;

/** Label of a container that writes files into a volume before a machine has it. */
export const fillLabel = `${labelPrefix}fill`;

/** Label of a container that backs up or restores a volume. */
export const toolLabel = `${labelPrefix}tool`;

/** Value of the labels of what stands beside a cluster for a while. */
export function besideCluster(owner: string, stack: string): string {
  return `${owner}/${stack}`;
}

/** Labels of the cluster as a whole; on everything that is made. */
export function clusterLabels(plan: ClusterPlan, stack: string): Record<string, string> {
  return {
    [`${labelPrefix}owner`]: plan.owner,
    [`${labelPrefix}stack`]: stack,
    [`${labelPrefix}cluster`]: plan.cluster,
  };
}

/** What the labels of a machine are made from; nodes have a generation as well. */
export interface Labelled {
  readonly key: string;
  readonly role: string;
  readonly generation?: number;
  readonly fingerprint?: string;
}

/** Labels of one machine, on top of the cluster's. */
export function machineLabels({ key, role, generation, fingerprint }: Labelled): Record<string, string> {
  return {
    [`${labelPrefix}role`]: role,
    [`${labelPrefix}key`]: key,
    ...(generation === undefined ? {} : { [`${labelPrefix}generation`]: String(generation) }),
    ...(fingerprint === undefined ? {} : { [`${labelPrefix}fingerprint`]: fingerprint }),
  };
}
