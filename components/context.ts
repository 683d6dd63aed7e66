import type * as pulumi from "@pulumi/pulumi";
import type { Labelled } from "./plan/labels.ts";
import type { ClusterPlan, RenderedMachine } from "./plan/types.ts";
import type { NetworkedPlace, Platform } from "./platform/contract.ts";

/** All that a cluster's parts share. */
export interface ClusterContext {
  readonly plan: ClusterPlan;
  readonly platform: Platform;
  /** Name of the Pulumi stack. */
  readonly stack: string;
  /** Place of one machine: labels with its role and key, in the cluster's network. */
  readonly machinePlace: (machine: Labelled, options: pulumi.CustomResourceOptions) => NetworkedPlace;
}

/** A machine's rendered files; a machine without any has an empty set. */
export function filesOf(files: ReadonlyMap<string, RenderedMachine>, machine: string): RenderedMachine {
  return files.get(machine) ?? { machine, files: [] };
}
