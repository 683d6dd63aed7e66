import { awsTraits } from "../../model/platforms/aws/traits.ts";
import type { GroupPlatform } from "../contract.ts";
import type { AwsAccess } from "./access.ts";
import { createMonitoring } from "./monitoring.ts";
import { createNetwork } from "./network.ts";
import { createNodes, createTier } from "./tier.ts";

export type { AskedMachines, AwsAccess, AwsTransforms, Bootstrap, BundlePlace, RollPace } from "./access.ts";

/** Virtual machines on Amazon EC2, kept by Auto Scaling groups. */
export function awsPlatform(access: AwsAccess): GroupPlatform {
  return {
    kind: "aws",
    machines: "groups",
    traits: awsTraits,
    network: (name, place) => createNetwork(name, place, access.transform ?? {}),
    tier: (name, group, place) => createTier(name, group, place, access),
    group: (name, group, place) => createNodes(name, group, place, access),
    monitor: createMonitoring,
  };
}
