import { awsPlanOf } from "../../../plan/platforms/aws/part.ts";
import type { ClusterPlan } from "../../../plan/types.ts";
import type { Statement } from "./types.ts";

/* Statements about things with a name that say more than the name: on which condition. */

/** Each once, in order. */
export const sorted = (list: readonly string[]) => [...new Set(list)].sort();

/** In a zone that others have names in as well, the cluster's own alone (Route 53 developer guide, Resource record set permissions). */
export function ofOwnName(
  plan: ClusterPlan,
  calls: readonly string[],
  Resource: readonly string[],
): Statement[] {
  const change = "route53:ChangeResourceRecordSets";
  const names = [awsPlanOf(plan).front.dns?.name ?? ""];
  return [
    { Sid: "LookIntoZone", Effect: "Allow", Action: calls.filter((call) => call !== change), Resource },
    {
      Sid: "OwnName",
      Effect: "Allow",
      Action: [change],
      Resource,
      Condition: {
        "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": names },
      },
    },
  ];
}

/**
 * Whoever may write a role's policies may become whatever they say, but for a boundary: so where there is one, roles are made and
 * given policies with it alone (IAM user guide, Delegating responsibility to others using permissions boundaries).
 */
export function bounded(plan: ClusterPlan, roles: Statement): Statement[] {
  const { permissionsBoundary } = awsPlanOf(plan);
  const needsOne = (action: string) => /^iam:(CreateRole|(Put|Delete|Detach)RolePolicy)$/.test(action);
  const own = { ...roles, Action: roles.Action.filter((action) => action !== attach) };
  const given = policiesGiven(plan, roles);
  if (permissionsBoundary === null)
    return [{ ...own, Action: sorted([...own.Action, "iam:DeleteRolePermissionsBoundary"]) }, ...given];
  const within = { StringEquals: { "iam:PermissionsBoundary": permissionsBoundary } };
  return [
    { ...own, Action: own.Action.filter((action) => !needsOne(action)) },
    {
      ...own,
      Sid: "BoundedRole",
      Action: sorted([...own.Action.filter(needsOne), "iam:PutRolePermissionsBoundary"]),
      Condition: within,
    },
    ...given.map((statement) => ({ ...statement, Condition: { ...statement.Condition, ...within } })),
  ];
}

const attach = "iam:AttachRolePolicy";

/** Policies that somebody else has written are given to roles only as the stack names them. */
function policiesGiven(plan: ClusterPlan, roles: Statement): Statement[] {
  const policies = sorted(plan.groups.flatMap((group) => group.policies ?? []));
  return policies.length === 0
    ? []
    : [
        {
          ...roles,
          Sid: "GiveNamedPolicies",
          Action: [attach],
          Condition: { ArnEquals: { "iam:PolicyARN": policies } },
        },
      ];
}
