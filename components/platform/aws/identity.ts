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
import { createContainerRole, poolRights } from "./container-rights.ts";
import { type Children, ownerKey, tags } from "./parts.ts";
import { policy, roleArgs, type Statement } from "./roles.ts";

/**
 * What the machines of one owner may do: read their own bundles and secrets, write their own logs and metrics, tell their own
 * groups that they are ready, and let people in by the session manager. Pure, so that it can be read and checked without an engine. All ARNs are known beforehand, but
 * for the account, which credentials decide.
 */
function machineRights(plan: ClusterPlan, groups: readonly GroupPlan[]): Statement[] {
  const { region, account, key } = awsPlanOf(plan);
  const names = clusterNames(plan);
  const arn = (service: string, rest: string) =>
    `arn:${partitionOf(region)}:${service}:${region}:${account ?? "*"}:${rest}`;
  const secrets = secretNames(plan, groups);
  const parameters = secrets.map((secret) => arn("ssm", `parameter${secretParameter(plan, secret)}`));
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
            Resource: parameters,
          },
        ]),
    ...(key === null ? [] : decryptRights(plan, key, parameters)),
    ...sessionRights,
    noOtherParameters(parameters),
    ...poolRights(plan, groups),
    ...(groups.some(({ role }) => role === "balancer") ? followerRights : []),
  ];
}

/** The key opens the cluster's own parameters and bundles for them, and nothing else that it may protect. */
function decryptRights(plan: ClusterPlan, key: string, parameters: readonly string[]): Statement[] {
  const { region } = awsPlanOf(plan);
  const through = (service: string, context: string, values: readonly string[]): Statement => ({
    Effect: "Allow",
    Action: ["kms:Decrypt"],
    Resource: [key],
    Condition: {
      StringEquals: { "kms:ViaService": `${service}.${region}.amazonaws.com${suffixOf(region)}` },
      // What each service says that a ciphertext is of (SSM user guide, Parameter Store and KMS; S3 user guide, SSE-KMS).
      StringLike: { [`kms:EncryptionContext:${context}`]: values },
    },
  });
  const bucket = `arn:${partitionOf(region)}:s3:::${clusterNames(plan).bucket}`;
  return [
    through("s3", "aws:s3:arn", [bucket, `${bucket}/*`]),
    ...(parameters.length === 0 ? [] : [through("ssm", "PARAMETER_ARN", parameters)]),
  ];
}

/** End of a service's host name in China. */
const suffixOf = (region: string) => (region.startsWith("cn-") ? ".cn" : "");

/**
 * What the session manager needs (Systems Manager user guide, Create a custom IAM role for Session Manager), and no more: AWS's own
 * AmazonSSMManagedInstanceCore also lets a machine read every parameter of the account.
 */
const sessionRights: readonly Statement[] = [
  {
    Effect: "Allow",
    Action: [
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    Resource: "*",
  },
];

/** Whatever other policies a role may get one day: no parameters but these. */
function noOtherParameters(own: readonly string[]): Statement {
  const Action = [
    "ssm:GetParameter",
    "ssm:GetParameterHistory",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
  ];
  return own.length === 0
    ? { Effect: "Deny", Action, Resource: "*" }
    : { Effect: "Deny", Action, NotResource: own };
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
    if (service.kind === "node") {
      const { environment, registry } = service;
      const named = Object.values(environment).filter((value) => isSecret(value));
      return registry?.kind === "password" ? [...named, registry.password] : named;
    }
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
  const profiles = new Map<string, aws.iam.InstanceProfile>();
  const rights: pulumi.Resource[] = [];
  for (const key of new Set(plan.groups.map(ownerKey))) {
    const groups = plan.groups.filter((group) => ownerKey(group) === key);
    const roleName = limited(`${clusterNames(plan).dashboard}-${key}`, 64);
    const make = <T extends pulumi.Resource>(child: string, create: (name: string) => T) =>
      children.add(`${key}-${child}`, create(`${name}-${key}-${child}`));
    const role = make(
      "role",
      (child) => new aws.iam.Role(child, roleArgs(place, roleName, "ec2.amazonaws.com"), place.options),
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
    );
    createContainerRole(name, place, key, role, children);
    profiles.set(
      key,
      make(
        "profile",
        (child) =>
          new aws.iam.InstanceProfile(
            child,
            { name: roleName, role: role.name, tags: tags(place, roleName) },
            place.options,
          ),
      ),
    );
  }
  return { profiles, rights };
}
