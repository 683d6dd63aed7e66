import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { fnv1a } from "../../model/hash.ts";
import type { AwsPlan, ClusterPlan, GroupPlan } from "../../plan/types.ts";
import type { BundlePlace } from "../../render/aws/user-data.ts";
import type { NetworkMade, Place } from "../contract.ts";

export type { BundlePlace } from "../../render/aws/user-data.ts";

/** What of AWS's things needs something from outside the program. */
export interface AwsPlatformArgs {
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

/** The network with what later functions need of it. */
export interface AwsNetwork extends NetworkMade {
  readonly vpc: pulumi.Input<string>;
  /** Ids by zone. */
  readonly publicSubnets: ReadonlyMap<string, pulumi.Input<string>>;
  readonly privateSubnets: ReadonlyMap<string, pulumi.Input<string>>;
  readonly frontGroup: aws.ec2.SecurityGroup;
  /** Security group by group of machines: the balancers', and one a pool. */
  readonly machineGroups: ReadonlyMap<string, aws.ec2.SecurityGroup>;
  /** Instance profile, likewise. */
  readonly profiles: ReadonlyMap<string, aws.iam.InstanceProfile>;
  readonly bucket: aws.s3.Bucket;
  /** ARN of the topic that alarms go to. */
  readonly topic: pulumi.Input<string>;
  /** What a machine needs to start: the way out, and the right to read. */
  readonly ready: readonly pulumi.Resource[];
}

/** The network as this adapter made it. @throws Error for one that another made */
export function networkOf(network: NetworkMade): AwsNetwork {
  if ("machineGroups" in network) return network as AwsNetwork;
  throw new Error("the network was made by another platform's adapter");
}

/** Whose security group and rights a group's machines have: the balancers', or those of their pool. */
export const ownerKey = ({ pool }: Pick<GroupPlan, "pool">) => (pool === null ? "balancers" : `pool-${pool}`);

/** The AWS part of a plan. @throws Error for a plan of another platform */
export function awsPlanOf(plan: ClusterPlan): AwsPlan {
  if (plan.aws !== null) return plan.aws;
  throw new Error(`${plan.cluster}: the plan is for ${plan.platform} and not for AWS`);
}

/** The value that a map must have. @throws Error without it */
export function needed<T>(map: ReadonlyMap<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new Error(`nothing was made for "${key}"`);
  return value;
}

/** Tags: the kit's, the stack's own, and the name that the console shows. The kit's win: clean-up goes by them. */
export function tags({ plan, labels }: Place, name: string): Record<string, string> {
  return { Name: name, ...awsPlanOf(plan).tags, ...labels };
}

/** A text as the part of a resource's name: another one for every text, also where two look alike without their signs. */
export function slugOf(text: string): string {
  const slug = text.replaceAll(/[^A-Za-z0-9]+/g, "-");
  return slug === text ? slug : `${slug}-${fnv1a(text).toString(16).padStart(8, "0").slice(0, 4)}`;
}

/** Collects raw children by their short names while they are made. */
export class Children {
  readonly resources: Record<string, pulumi.Resource> = {};

  add<T extends pulumi.Resource>(key: string, resource: T): T {
    if (key in this.resources) throw new Error(`two children are called ${key}`);
    this.resources[key] = resource;
    return resource;
  }
}
