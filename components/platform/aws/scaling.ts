import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { metrics } from "../../plan/platforms/aws/names.ts";
import type { GroupPlan } from "../../plan/types.ts";
import type { NetworkedPlace } from "../contract.ts";
import { type Children, slugOf } from "./parts.ts";

/** What the number of a group's machines follows: load, the clock, a forecast. */
export function createTargets(
  name: string,
  { targets, schedule = [], predictive, name: groupName }: GroupPlan,
  place: NetworkedPlace,
  group: aws.autoscaling.Group,
  children: Children,
): void {
  for (const target of targets) {
    const slug = `follow-${target.kind === "metric" ? slugOf(`${target.namespace} ${target.name}`) : target.kind}`;
    children.add(
      slug,
      new aws.autoscaling.Policy(
        `${name}-${slug}`,
        {
          name: slug,
          autoscalingGroupName: group.name,
          policyType: "TargetTrackingScaling",
          targetTrackingConfiguration: tracking(target, groupName),
        },
        place.options,
      ),
    );
  }
  for (const { at, zone, min } of schedule) {
    const slug = `at-${slugOf(`${at} ${zone}`)}`;
    const args = {
      scheduledActionName: slug,
      autoscalingGroupName: group.name,
      recurrence: at,
      timeZone: zone,
      minSize: min,
      // As they are.
      maxSize: -1,
      desiredCapacity: -1,
    };
    children.add(slug, new aws.autoscaling.Schedule(`${name}-${slug}`, args, place.options));
  }
  if (predictive !== undefined) createForecast(name, predictive, place, group, children);
}

function createForecast(
  name: string,
  { percent, mode, ahead }: NonNullable<GroupPlan["predictive"]>,
  place: NetworkedPlace,
  group: aws.autoscaling.Group,
  children: Children,
): void {
  const args = {
    name: "forecast",
    autoscalingGroupName: group.name,
    policyType: "PredictiveScaling",
    predictiveScalingConfiguration: {
      mode: mode === "scale" ? "ForecastAndScale" : "ForecastOnly",
      schedulingBufferTime: String(Math.round(ahead / 1000)),
      metricSpecification: {
        targetValue: percent,
        predefinedMetricPairSpecification: { predefinedMetricType: "ASGCPUUtilization" },
      },
    },
  };
  children.add("forecast", new aws.autoscaling.Policy(`${name}-forecast`, args, place.options));
}

function tracking(
  target: GroupPlan["targets"][number],
  groupName: pulumi.Input<string>,
): aws.types.input.autoscaling.PolicyTargetTrackingConfiguration {
  switch (target.kind) {
    case "cpu":
      return {
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        targetValue: target.percent,
      };
    case "requests":
      return {
        customizedMetricSpecification: {
          namespace: metrics.namespace,
          metricName: metrics.requests,
          // Each balancer publishes its own share.
          statistic: "Sum",
          metricDimensions: [{ name: "Group", value: groupName }],
        },
        targetValue: target.perSecond,
      };
    case "metric":
      return {
        customizedMetricSpecification: {
          namespace: target.namespace,
          metricName: target.name,
          statistic: target.statistic,
          metricDimensions: [{ name: "AutoScalingGroupName", value: groupName }],
        },
        targetValue: target.value,
      };
    default:
      return target satisfies never;
  }
}
