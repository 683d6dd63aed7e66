import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { isSecret } from "../../model/secret.ts";
import {
  clusterNames,
  limited,
  metrics,
  partitionOf,
  secretParameter,
} from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { ClusterPlan, GroupPlan } from "../../plan/types.ts";
import type { Place } from "../contract.ts";
import { type Children, ownerKey, tags } from "./parts.ts";

interface Statement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[] | "*";
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const policy = (statements: readonly Statement[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** Who may take a role: one AWS service. */
export function assumedBy(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });
}

/**
 * What the machines of one owner may do: read their own bundles and secrets, write their own logs and metrics, tell their own
 * groups that they are ready. Pure, so that it can be read and checked without an engine. All ARNs are known beforehand, but
 * for the account, which credentials decide.
 */
function machineRights(plan: ClusterPlan, groups: readonly GroupPlan[]): Statement[] {
  const { region, account, key } = awsPlanOf(plan);
  const names = clusterNames(plan);
  const arn = (service: string, rest: string) =>
    `arn:${partitionOf(region)}:${service}:${region}:${account ?? "*"}:${rest}`;
  const secrets = secretNames(plan, groups);
  return [
    {
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: groups.map((group) => `arn:${partitionOf(region)}:s3:::${names.bucket}/${group.key}/*`),
    },
    {
      Effect: "Allow",
      Action: ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
      Resource: groups.map((group) =>
        arn("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${group.name}`),
      ),
    },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      Resource: groups.map((group) => arn("logs", `log-group:${names.logs}${group.key}:*`)),
    },
    {
      Effect: "Allow",
      Action: ["cloudwatch:PutMetricData"],
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": metrics.namespace } },
    },
    ...(secrets.length === 0
      ? []
      : [
          {
            Effect: "Allow" as const,
            Action: ["ssm:GetParameter", "ssm:GetParameters"],
            Resource: secrets.map((secret) => arn("ssm", `parameter${secretParameter(plan, secret)}`)),
          },
        ]),
    ...(key === null ? [] : [{ Effect: "Allow" as const, Action: ["kms:Decrypt"], Resource: [key] }]),
    ...(groups.some(({ role }) => role === "balancer") ? followerRights : []),
  ];
}

/** Whoever follows the members of groups asks for all of them: these calls know no narrower right. */
const followerRights: readonly Statement[] = [
  {
    Effect: "Allow",
    Action: ["autoscaling:DescribeAutoScalingGroups", "ec2:DescribeInstances"],
    Resource: "*",
  },
];

/** Names of the secrets that the machines of these groups need; sorted. */
export function secretNames({ tier }: ClusterPlan, groups: readonly GroupPlan[]): string[] {
  const certificate = tier.tls?.end.at === "balancer" ? tier.tls.end.files : [];
  const found = groups.flatMap(({ service }) => {
    if (service.kind === "node") return Object.values(service.environment).filter((value) => isSecret(value));
    return certificate.flatMap((file) => ("secret" in file ? [file.secret] : []));
  });
  return [...new Set(found.map(({ secret }) => secret))].sort();
}

/** Role and instance profile for the balancers, and for each pool's nodes. */
export function createProfiles(
  name: string,
  place: Place,
  children: Children,
): { profiles: ReadonlyMap<string, aws.iam.InstanceProfile>; rights: pulumi.Resource[] } {
  const { plan } = place;
  const { region } = awsPlanOf(plan);
  const profiles = new Map<string, aws.iam.InstanceProfile>();
  const rights: pulumi.Resource[] = [];
  for (const key of new Set(plan.groups.map(ownerKey))) {
    const groups = plan.groups.filter((group) => ownerKey(group) === key);
    const roleName = limited(`${clusterNames(plan).dashboard}-${key}`, 64);
    const common = { name: roleName, tags: tags(place, roleName) };
    const make = <T extends pulumi.Resource>(child: string, create: (name: string) => T) =>
      children.add(`${key}-${child}`, create(`${name}-${key}-${child}`));
    const role = make(
      "role",
      (child) =>
        new aws.iam.Role(
          child,
          { ...common, assumeRolePolicy: assumedBy("ec2.amazonaws.com") },
          place.options,
        ),
    );
    rights.push(
      make(
        "rights",
        (child) =>
          new aws.iam.RolePolicy(
            child,
            { name: "own", role: role.id, policy: policy(machineRights(plan, groups)) },
            place.options,
          ),
      ),
      // The session manager: how people get onto a machine, instead of SSH.
      make(
        "sessions",
        (child) =>
          new aws.iam.RolePolicyAttachment(
            child,
            {
              role: role.name,
              policyArn: `arn:${partitionOf(region)}:iam::aws:policy/AmazonSSMManagedInstanceCore`,
            },
            place.options,
          ),
      ),
    );
    profiles.set(
      key,
      make(
        "profile",
        (child) => new aws.iam.InstanceProfile(child, { ...common, role: role.name }, place.options),
      ),
    );
  }
  return { profiles, rights };
}
