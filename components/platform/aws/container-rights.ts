import * as aws from "@pulumi/aws";
import { fnv1a } from "../../model/hash.ts";
import { containerRole, partitionOf } from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import { ecrAccount } from "../../plan/platforms/aws/rights.ts";
import type { ClusterPlan, GroupPlan } from "../../plan/types.ts";
import type { Place } from "../contract.ts";
import { type Children, ownerKey } from "./parts.ts";
import { roleArgs, type Statement } from "./roles.ts";

/** What the machines of a pool may do for its containers: fetch their image, and take the role whose credentials they hand on. */
export function poolRights(plan: ClusterPlan, groups: readonly GroupPlan[]): Statement[] {
  return [...repositoryRights(plan, groups), ...takeRights(plan, groups)];
}

/** Of one repository (ECR user guide, Private repository policies); a token opens nothing by itself. */
function repositoryRights(plan: ClusterPlan, groups: readonly GroupPlan[]): Statement[] {
  const partition = partitionOf(awsPlanOf(plan).region);
  const repositories = groups.flatMap(({ service }) => {
    if (service.kind !== "node" || service.registry?.kind !== "own") return [];
    const { server, region, repository } = service.registry;
    return [`arn:${partition}:ecr:${region}:${ecrAccount(server)}:repository/${repository}`];
  });
  if (repositories.length === 0) return [];
  return [
    { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
    {
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: [...new Set(repositories)],
    },
  ];
}

function takeRights(plan: ClusterPlan, groups: readonly GroupPlan[]): Statement[] {
  const { region, account } = awsPlanOf(plan);
  const pools = new Set(
    groups.flatMap(({ pool, policies }) => (policies === undefined || pool === null ? [] : [pool])),
  );
  if (pools.size === 0) return [];
  const role = (pool: string) =>
    `arn:${partitionOf(region)}:iam::${account ?? "*"}:role/${containerRole(plan, pool)}`;
  return [{ Effect: "Allow", Action: ["sts:AssumeRole"], Resource: [...pools].map(role) }];
}

/**
 * The role whose credentials a pool's containers get: what the stack's policies say and nothing of what the machine itself may do. It is
 * taken by the machine's role alone, and without what that one is denied, which is not for an application's own parameters.
 */
export function createContainerRole(
  name: string,
  place: Place,
  key: string,
  machine: aws.iam.Role,
  children: Children,
): void {
  const group = place.plan.groups.find((candidate) => ownerKey(candidate) === key);
  if (group?.policies === undefined || group.pool === null) return;
  const role = children.add(
    `${key}-app-role`,
    new aws.iam.Role(
      `${name}-${key}-app-role`,
      roleArgs(place, containerRole(place.plan, group.pool), machine),
      place.options,
    ),
  );
  for (const policyArn of group.policies) {
    // By its name and not its place in the list: who adds one in front takes none of the others away for a moment.
    const child = `${key}-app-${policyArn.split("/").at(-1)}-${fnv1a(policyArn).toString(16).padStart(8, "0").slice(0, 4)}`;
    children.add(
      child,
      new aws.iam.RolePolicyAttachment(`${name}-${child}`, { role: role.name, policyArn }, place.options),
    );
  }
}
