import { own } from "../../../model/own.ts";
import type { Warning } from "../../../model/problem.ts";
import type { AwsSpec, ClusterSpec } from "../../../model/spec.ts";

/** What works on AWS but deserves a second thought. */
export function awsWarnings(spec: ClusterSpec, platform: AwsSpec): Warning[] {
  const always = liveIsReady(spec, platform);
  if (spec.environment !== "production") return always;
  return [...always, ...singleNat(platform), ...nobodyTold(platform)];
}

function liveIsReady({ pools }: ClusterSpec, platform: AwsSpec): Warning[] {
  return Object.entries(pools).flatMap(([name, { health }]) => {
    const live = own(platform.pools, name)?.live ?? null;
    if (live === null || health.protocol !== "http" || live !== health.path) return [];
    return [
      {
        code: "aws.live-is-ready",
        path: `platform.pools.${name}.live`,
        message: `${live} is also where the balancers ask whether a node can serve: what all nodes share and is down for a minute has AWS replace every one of them`,
        hint: "name a path that tells of the node alone, or leave it out: a connection is enough then",
      },
    ];
  });
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
      message: "alarms of a production cluster reach nobody",
      hint: "add an address, or name a topic of yours in platform.monitoring.topic",
    },
  ];
}
