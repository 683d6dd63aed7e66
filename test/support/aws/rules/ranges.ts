import { valuesAt } from "../catalogue/paths.ts";
import type { Problem, Rule } from "./types.ts";

interface Range {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly source: string;
}

const port = (path: string): Range => ({ path, from: 1, to: 65535, source: "ports of TCP" });
const from = (source: string) => (path: string, from: number, to: number) => ({ path, from, to, source });
const targetGroup = from("ELB API, CreateTargetGroup");
const refresh = from("EC2 Auto Scaling API, RefreshPreferences");
const group = from("EC2 Auto Scaling API, CreateAutoScalingGroup");
const distribution = from("EC2 Auto Scaling API, InstancesDistribution");
const hook = from("EC2 Auto Scaling API, PutLifecycleHook");
const disk = from("EBS user guide, General Purpose SSD volumes");
const metadata = from("EC2 API, LaunchTemplateInstanceMetadataOptionsRequest");

const preferences = "instanceRefresh.preferences";
const spread = "mixedInstancesPolicy.instancesDistribution";
const ebs = "blockDeviceMappings.*.ebs";

/** Numbers with limits, by type; texts that hold a number count as one. */
const ranges: Readonly<Record<string, readonly Range[]>> = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [port("fromPort"), port("toPort")],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [port("fromPort"), port("toPort")],
  "aws:lb/listener:Listener": [port("port")],
  "aws:lb/targetGroup:TargetGroup": [
    port("port"),
    port("healthCheck.port"),
    targetGroup("healthCheck.interval", 5, 300),
    targetGroup("healthCheck.timeout", 2, 120),
    targetGroup("healthCheck.healthyThreshold", 2, 10),
    targetGroup("healthCheck.unhealthyThreshold", 2, 10),
    { path: "deregistrationDelay", from: 0, to: 3600, source: "ELB API, TargetGroupAttribute" },
  ],
  "aws:autoscaling/group:Group": [
    hook("initialLifecycleHooks.*.heartbeatTimeout", 30, 7200),
    refresh(`${preferences}.minHealthyPercentage`, 0, 100),
    refresh(`${preferences}.maxHealthyPercentage`, 100, 200),
    refresh(`${preferences}.checkpointPercentages.*`, 1, 100),
    refresh(`${preferences}.checkpointDelay`, 0, 172_800),
    group("healthCheckGracePeriod", 0, 7200),
    group("defaultInstanceWarmup", 0, 3600),
    distribution(`${spread}.onDemandPercentageAboveBaseCapacity`, 0, 100),
  ],
  "aws:autoscaling/lifecycleHook:LifecycleHook": [hook("heartbeatTimeout", 30, 7200)],
  "aws:ec2/launchTemplate:LaunchTemplate": [
    disk(`${ebs}.volumeSize`, 1, 16_384),
    disk(`${ebs}.iops`, 3000, 16_000),
    disk(`${ebs}.throughput`, 125, 1000),
    metadata("metadataOptions.httpPutResponseHopLimit", 1, 64),
  ],
  "aws:ec2/placementGroup:PlacementGroup": [
    { path: "partitionCount", from: 1, to: 7, source: "EC2 user guide, Placement groups" },
  ],
};

/** Numbers beyond AWS's limits. */
export const checkRanges: Rule = ({ token, inputs }): Problem[] =>
  (ranges[token] ?? []).flatMap(({ path, from, to, source }) =>
    valuesAt(inputs, path)
      .map(Number)
      .filter((value) => Number.isFinite(value) && (value < from || value > to))
      .map((value) => ({ path, message: `${value} is not in ${from} to ${to} (${source})` })),
  );
