import type { Warning } from "../../../model/problem.ts";
import type { AwsSpec, ClusterSpec } from "../../../model/spec.ts";

/** What works on AWS but deserves a second thought. */
export function awsWarnings(spec: ClusterSpec, platform: AwsSpec): Warning[] {
  if (spec.environment !== "production") return [];
  return [...singleNat(platform), ...nobodyTold(platform)];
}

function singleNat({ vpc }: AwsSpec): Warning[] {
  if (vpc.kind !== "own" || vpc.nat !== "one") return [];
  return [
    {
      code: "aws.single-nat",
      path: "platform.vpc.nat",
      message: "one NAT gateway for all zones: when its zone is lost, no machine of the others gets out",
      hint: 'use "per-zone"',
    },
  ];
}

function nobodyTold({ monitoring }: AwsSpec): Warning[] {
  if (monitoring.topic !== null || monitoring.notify.length > 0) return [];
  return [
    {
      code: "aws.nobody-told",
      path: "platform.monitoring.notify",
      message: "alarms of a production cluster, and nobody who is told",
      hint: "add an address, or name a topic of yours in platform.monitoring.topic",
    },
  ];
}
