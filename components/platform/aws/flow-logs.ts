import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { clusterNames, limited } from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { Place } from "../contract.ts";
import { type Children, tags } from "./parts.ts";
import { roleArgs } from "./roles.ts";

/** Records of all connections of the VPC, accepted and refused, kept so many days; 0 for none. */
export function createFlowLogs(
  name: string,
  place: Place,
  vpcId: pulumi.Input<string>,
  days: number,
  children: Children,
): void {
  if (days === 0) return;
  const { logs, dashboard } = clusterNames(place.plan);
  const { key } = awsPlanOf(place.plan);
  const group = children.add(
    "flow-log-group",
    new aws.cloudwatch.LogGroup(
      `${name}-flow-log-group`,
      {
        name: `${logs}flow`,
        retentionInDays: days,
        ...(key === null ? {} : { kmsKeyId: key }),
        tags: tags(place, `${dashboard}-flow`),
      },
      place.options,
    ),
  );
  const roleName = limited(`${dashboard}-flow`, 64);
  const role = children.add(
    "flow-log-role",
    new aws.iam.Role(
      `${name}-flow-log-role`,
      roleArgs(place, roleName, "vpc-flow-logs.amazonaws.com"),
      place.options,
    ),
  );
  children.add(
    "flow-log-rights",
    new aws.iam.RolePolicy(
      `${name}-flow-log-rights`,
      {
        name: "write",
        role: role.id,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
              Resource: pulumi.interpolate`${group.arn}:*`,
            },
          ],
        }),
      },
      place.options,
    ),
  );
  children.add(
    "flow-log",
    new aws.ec2.FlowLog(
      `${name}-flow-log`,
      {
        vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
        tags: tags(place, `${dashboard}-flow`),
      },
      place.options,
    ),
  );
}
