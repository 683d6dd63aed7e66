import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan, GroupPlan } from "../../plan/types.ts";
import type { BundlePlace } from "../../render/aws/user-data.ts";

export type { BundlePlace } from "../../render/aws/user-data.ts";

/** What of AWS's things needs something from outside the program. */
export interface AwsAccess {
  /** Value of a public parameter that holds the id of an image. Resolved by the program, since a roll-back needs an id. */
  readonly imageId: (parameter: string) => pulumi.Input<string>;
  /** What a group's machines start from. */
  readonly bootstrap: Bootstrap;
  /**
   * Has AWS replace a group's machines by what it is asked for, and ends when AWS has; at once where they are that already.
   * @throws Error when AWS turned the change back; the machines of before then serve on
   */
  readonly roll: (asked: AskedMachines, pace: RollPace) => Promise<void>;
  readonly transform?: AwsTransforms;
}

/** What the machines of a group are made of. */
export interface AskedMachines {
  /** Name of the group. */
  readonly group: string;
  /** Id of the launch template. */
  readonly template: string;
  readonly version: string;
  /** Null where all are on demand and of the template's type. */
  readonly mixed: {
    readonly onDemand: number;
    /** Percent of the others that are Spot; not in what was noted before there was a choice: all. */
    readonly share?: number;
    readonly types: readonly string[];
  } | null;
}

/** How a change rolls through a group; seconds and percent. */
export interface RollPace {
  readonly minHealthyPercent: number;
  readonly maxHealthyPercent: number;
  readonly warmup: number;
  readonly checkpoints: readonly number[];
  readonly pause: number;
  /** Names of the alarms that turn it back. */
  readonly alarms: readonly string[];
}

/** How a machine becomes what its group says: a bundle of files in a bucket, and user data that fetches and runs it. */
export interface Bootstrap {
  /** A `.tar.gz` with all that the machines of a group need; the same bytes for the same plan. Never a secret. */
  readonly bundle: (plan: ClusterPlan, group: GroupPlan) => Bundle;
  /** User data as cloud-init takes it, before compression. */
  readonly userData: (plan: ClusterPlan, group: GroupPlan, bundle: BundlePlace) => string;
}

/** An archive as a file, since the engine keeps of a file its hash only. */
export interface Bundle {
  /** Where it is on the computer that runs the program. */
  readonly file: string;
  /** Hex. */
  readonly sha256: string;
}

/** Changes the arguments of one kind of child just before it is made; returns what to use. */
export interface AwsTransforms {
  readonly vpc?: (args: aws.ec2.VpcArgs) => aws.ec2.VpcArgs;
  readonly loadBalancer?: (args: aws.lb.LoadBalancerArgs) => aws.lb.LoadBalancerArgs;
  readonly launchTemplate?: (
    args: aws.ec2.LaunchTemplateArgs,
    group: GroupPlan,
  ) => aws.ec2.LaunchTemplateArgs;
  readonly group?: (args: aws.autoscaling.GroupArgs, group: GroupPlan) => aws.autoscaling.GroupArgs;
}
