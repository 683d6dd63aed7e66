import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { clusterNames, metrics } from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { AlarmPlan } from "../../plan/platforms/aws/types.ts";
import type { GroupPlan } from "../../plan/types.ts";
import type { NetworkedPlace } from "../contract.ts";
import type { Attachment } from "./attachment.ts";
import { type Children, networkOf, tags } from "./parts.ts";

const statistics = { Average: "Average", Maximum: "Maximum", Minimum: "Minimum", Sum: "Sum" } as const;

/** The alarms of one group; those that guard a roll-out must be there before one begins. */
export function createAlarms(
  name: string,
  group: GroupPlan,
  place: NetworkedPlace,
  attachment: Attachment,
  children: Children,
): aws.cloudwatch.MetricAlarm[] {
  const { topic } = networkOf(place.network);
  const own = awsPlanOf(place.plan).monitoring.alarms.filter((alarm) => alarm.group === group.key);
  return own.map((alarm) => {
    const what = alarm.key.slice(group.key.length + 1);
    const args = {
      name: alarm.name,
      alarmDescription: alarm.description,
      ...metricOf(alarm, group, place, attachment),
      ...(alarm.statistic === "p99"
        ? { extendedStatistic: "p99" }
        : { statistic: statistics[alarm.statistic] }),
      comparisonOperator: alarm.comparison === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
      threshold: alarm.threshold,
      period: alarm.period,
      evaluationPeriods: alarm.periods,
      treatMissingData: alarm.missing === "fine" ? "notBreaching" : "breaching",
      alarmActions: [topic],
      okActions: [topic],
      tags: tags(place, alarm.name),
    };
    return children.add(
      `alarm-${what}`,
      new aws.cloudwatch.MetricAlarm(`${name}-alarm-${what}`, args, place.options),
    );
  });
}

type Metric = Pick<aws.cloudwatch.MetricAlarmArgs, "namespace" | "metricName" | "dimensions">;

function metricOf(
  { metric }: AlarmPlan,
  group: GroupPlan,
  place: NetworkedPlace,
  attachment: Attachment,
): Metric {
  switch (metric.source) {
    case "targets":
      return {
        namespace: "AWS/NetworkELB",
        metricName: metric.name,
        dimensions: targetDimensions(attachment),
      };
    case "group":
      return {
        namespace: "AWS/AutoScaling",
        metricName: metric.name,
        dimensions: { AutoScalingGroupName: group.name },
      };
    case "certificate":
      return {
        namespace: "AWS/CertificateManager",
        metricName: metric.name,
        dimensions: { CertificateArn: metric.arn },
      };
    case "balancers":
      return {
        namespace: metrics.namespace,
        metricName: metric.name,
        dimensions: { Cluster: clusterNames(place.plan).dashboard, Pool: metric.pool },
      };
    default:
      return metric satisfies never;
  }
}

/** Of the first target group: the balancers have one for each port, with the same check. */
function targetDimensions({ targets, loadBalancer }: Attachment): Record<string, pulumi.Input<string>> {
  const [target] = targets;
  if (target === undefined) throw new Error("a group without targets has no checks to watch");
  return { TargetGroup: target.arnSuffix, LoadBalancer: loadBalancer.arnSuffix };
}
