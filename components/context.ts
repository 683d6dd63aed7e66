import type * as pulumi from "@pulumi/pulumi";
import type { Labelled } from "./plan/labels.ts";
import type { ClusterPlan, RenderedMachine } from "./plan/types.ts";
import type { GroupPlatform, MachinePlatform, NetworkedPlace, Platform } from "./platform/contract.ts";

/** All that a cluster's parts share. */
export interface ClusterContext {
  readonly plan: ClusterPlan;
  readonly platform: Platform;
  /** Name of the Pulumi stack. */
  readonly stack: string;
  /** Place of one machine: labels with its role and key, in the cluster's network. */
  readonly machinePlace: (machine: Labelled, options: pulumi.CustomResourceOptions) => NetworkedPlace;
  /** What nodes come after. */
  readonly before: readonly pulumi.Resource[];
  /** Whether nothing of the tier is there yet, and so nobody is served who would notice a change. */
  readonly isNew: boolean;
  /** Rendered files by machine. */
  readonly files: ReadonlyMap<string, RenderedMachine>;
}

/** A machine's rendered files; a machine without any has an empty set. */
export function filesOf({ files }: Pick<ClusterContext, "files">, machine: string): RenderedMachine {
  return files.get(machine) ?? { machine, files: [] };
}

/** The platform of a plan that lists machines. @throws Error for one that keeps groups. */
export function machinesBy(platform: Platform): MachinePlatform {
  if (platform.machines === "planned") return platform;
  throw beyond(platform, "single machines");
}

/** The platform of a plan that lists groups. @throws Error for one that makes single machines. */
export function groupsBy(platform: Platform): GroupPlatform {
  if (platform.machines === "groups") return platform;
  throw beyond(platform, "groups");
}

/** A plan for another platform must not come out with less than it says. */
export function beyond(platform: Platform, what: string): Error {
  return new Error(
    `the plan has ${what}, which the platform "${platform.kind}" can't make; plan for that platform`,
  );
}
