import type { GroupPlatform } from "../contract.ts";
import { createMonitoring } from "./monitoring.ts";
import { createNetwork } from "./network.ts";
import type { AwsPlatformArgs } from "./parts.ts";
import { createNodes, createTier } from "./tier.ts";

export type { AwsPlatformArgs, AwsTransforms, Bootstrap, BundlePlace } from "./parts.ts";

/** Virtual machines on Amazon EC2, kept by Auto Scaling groups. */
export function awsPlatform(args: AwsPlatformArgs): GroupPlatform {
  return {
    kind: "aws",
    machines: "groups",
    capabilities: {
      virtualAddress: "none",
      ipvs: false,
      power: "none",
      delivery: "user-data",
      door: false,
      warden: false,
    },
    network: (name, place) => createNetwork(name, place, args.transform ?? {}),
    tier: (name, group, place) => createTier(name, group, place, args),
    group: (name, group, place) => createNodes(name, group, place, args),
    monitor: createMonitoring,
  };
}
