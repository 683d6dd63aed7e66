import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { metrics } from "../../plan/platforms/aws/names.ts";
import type { GroupPlan } from "../../plan/types.ts";
import type { NetworkedPlace } from "../contract.ts";
import { type Children, slugOf } from "./parts.ts";

/** What the number of a group's machines follows. */
export function createTargets(
  name: string,
  { targets, name: groupName }: GroupPlan,
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
