import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { fnv1a } from "../../model/hash.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { GroupPlan } from "../../plan/types.ts";
import type { Place, ProvisionedNetwork } from "../contract.ts";

/** The network with what later functions need of it. */
export interface AwsNetwork extends ProvisionedNetwork {
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
export function networkOf(network: ProvisionedNetwork): AwsNetwork {
  if ("machineGroups" in network) return network as AwsNetwork;
  throw new Error("the network was made by another platform's adapter");
}

/** Whose security group and rights a group's machines have: the balancers', or those of their pool. */
export const ownerKey = ({ pool }: Pick<GroupPlan, "pool">) => (pool === null ? "balancers" : `pool-${pool}`);

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

/** What a resource waits for already, as a list. */
export function dependenciesOf({ dependsOn }: pulumi.CustomResourceOptions): pulumi.Input<pulumi.Resource>[] {
  if (dependsOn === undefined) return [];
  return Array.isArray(dependsOn) ? dependsOn : [dependsOn as pulumi.Input<pulumi.Resource>];
}
