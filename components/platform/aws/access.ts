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
  readonly transform?: AwsTransforms;
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
