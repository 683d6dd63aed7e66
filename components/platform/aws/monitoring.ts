import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { clusterNames } from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { GroupPlan } from "../../plan/types.ts";
import type { MonitorPlace, Place, ProvisionedMonitor } from "../contract.ts";
import { dashboardBody } from "./dashboard.ts";
import { Children, slugOf, tags } from "./parts.ts";

/** The topic that alarms go to, with its subscribers; or the ARN of the stack's own. */
export function createTopic(name: string, place: Place, children: Children): pulumi.Input<string> {
  const { monitoring, key } = awsPlanOf(place.plan);
  const topicName = clusterNames(place.plan).topic;
  const topic =
    monitoring.topic === null
      ? children.add(
          "topic",
          new aws.sns.Topic(
            `${name}-topic`,
            {
              name: topicName,
              ...(key === null ? {} : { kmsMasterKeyId: key }),
              tags: tags(place, topicName),
            },
            place.options,
          ),
        ).arn
      : monitoring.topic;
  for (const endpoint of monitoring.notify) {
    const child = `told-${slugOf(endpoint)}`;
    children.add(
      child,
      new aws.sns.TopicSubscription(
        `${name}-${child}`,
        { topic, protocol: "email", endpoint },
        place.options,
      ),
    );
  }
  return topic;
}

/** One dashboard for the cluster. */
export function createMonitoring(name: string, place: MonitorPlace): ProvisionedMonitor {
  const children = new Children();
  children.add(
    "dashboard",
    new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      {
        dashboardName: clusterNames(place.plan).dashboard,
        dashboardBody: dashboardBody(place.plan),
      },
      place.options,
    ),
  );
  return { resources: children.resources };
}

/** Where a group's machines write: made before them, so that they need no right to make it. */
export function createLogGroup(
  name: string,
  { key }: GroupPlan,
  place: Place,
  children: Children,
): aws.cloudwatch.LogGroup {
  const { monitoring, key: kmsKeyId } = awsPlanOf(place.plan);
  const logName = `${clusterNames(place.plan).logs}${key}`;
  return children.add(
    "log",
    new aws.cloudwatch.LogGroup(
      `${name}-log`,
      {
        name: logName,
        retentionInDays: monitoring.logDays,
        ...(kmsKeyId === null ? {} : { kmsKeyId }),
        tags: tags(place, logName),
      },
      place.options,
    ),
  );
}
