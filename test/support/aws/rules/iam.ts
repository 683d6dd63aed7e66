import type { Fields } from "../catalogue/types.ts";
import { ofType, on, type Problem, type RuleBeside, refuse, textAt } from "./types.ts";

/*
 * Policy documents, by IAM's JSON policy reference. Sizes are of the document without white space (IAM user guide, IAM and STS
 * quotas; S3 user guide, Bucket policies).
 */

export type PolicyKind = "identity" | "trust" | "resource";

type Statement = Readonly<Record<string, unknown>>;

const statementKeys = ["Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition"];
const actionForm = /^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/;
const arnForm = /^(\*|arn:(aws|aws-cn|aws-us-gov|\*):[a-z0-9-]+:[a-z0-9*-]*:(\d{12}|aws|\*)?:\S+)$/;
const operators =
  /^(ForAllValues:|ForAnyValue:)?(String(Equals|NotEquals|Like|NotLike|EqualsIgnoreCase)|Numeric\w+|Date\w+|Bool|IpAddress|NotIpAddress|Arn(Equals|Like|NotEquals|NotLike)|Null)(IfExists)?$/;

const list = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Length as IAM counts it. */
export const policySize = (document: string): number => document.replaceAll(/\s/g, "").length;

/** What IAM would refuse of a policy's text. */
export function checkPolicy(document: string, kind: PolicyKind, most: number, path: string): Problem[] {
  const policy = parsed(document);
  if (policy === null) return [{ path, message: "is not JSON (IAM, MalformedPolicyDocument)" }];
  const statements = list(policy.Statement) as Statement[];
  const sids = statements.flatMap(({ Sid }) => Sid ?? []);
  return [
    ...refuse(policy.Version !== "2012-10-17", `${path}.Version`, `"${policy.Version}" is not 2012-10-17`),
    ...refuse(statements.length === 0, `${path}.Statement`, "a policy says something"),
    ...refuse(
      new Set(sids).size < sids.length,
      `${path}.Statement`,
      `a Sid is there twice: ${sids.join(", ")}`,
    ),
    ...refuse(
      policySize(document) > most,
      path,
      `${policySize(document)} characters, and ${most} are taken (IAM user guide, Quotas)`,
    ),
    ...statements.flatMap((statement, index) =>
      checkStatement(statement, kind).map((message) => ({ path: `${path}.Statement[${index}]`, message })),
    ),
  ];
}

function parsed(document: string): Fields | null {
  try {
    const value: unknown = JSON.parse(document);
    return typeof value === "object" && value !== null ? (value as Fields) : null;
  } catch {
    return null;
  }
}

const refused = (wrong: boolean, message: string) => (wrong ? [message] : []);

function checkStatement(statement: Statement, kind: PolicyKind): string[] {
  const { Sid, Effect, Principal, Action, Resource, NotResource, Condition } = statement;
  const actions = list(Action);
  const resources = [...list(Resource), ...list(NotResource)];
  const strange = Object.keys(statement).filter((key) => !statementKeys.includes(key));
  return [
    ...strange.map((key) => `"${key}" is no part of a statement`),
    ...(Sid === undefined || /^[A-Za-z0-9]+$/.test(String(Sid)) ? [] : [`"${Sid}" is no Sid`]),
    ...(Effect === "Allow" || Effect === "Deny" ? [] : [`"${Effect}" is no effect`]),
    ...(actions.length > 0 ? [] : ["no action"]),
    ...actions
      .filter((action) => !actionForm.test(String(action)))
      .map((action) => `"${action}" is no action`),
    ...((Principal === undefined) === (kind === "identity")
      ? []
      : ["a principal belongs to trust and resources"]),
    ...(resources.length > 0 === (kind !== "trust") ? [] : ["a resource belongs to all but trust"]),
    ...refused(
      Resource !== undefined && NotResource !== undefined,
      "a statement has one of Resource and NotResource",
    ),
    ...refused(
      NotResource !== undefined && Effect === "Allow",
      "what is allowed on all but a list grows by itself",
    ),
    ...resources.filter((arn) => !isArn(arn)).map((arn) => `"${arn}" is no ARN`),
    ...checkCondition(Condition),
  ];
}

/** The recorder makes up ARNs that tell whose they are. */
const isArn = (arn: unknown): boolean =>
  arnForm.test(String(arn)) || /^arn of \w+ [\w.-]+(:\*)?$/.test(String(arn));

function checkCondition(condition: unknown): string[] {
  return Object.entries((condition ?? {}) as Record<string, Fields>).flatMap(([operator, keys]) => [
    ...(operators.test(operator) ? [] : [`"${operator}" is no operator of a condition`]),
    ...Object.keys(keys)
      .filter((key) => !/^([a-z0-9-]+:[A-Za-z0-9-]+(\/\S+)?|kms:EncryptionContext:\S+)$/.test(key))
      .map((key) => `"${key}" is no key of a condition`),
  ]);
}

const limits = { trust: 2048, inline: 10_240, bucket: 20_480 } as const;

const policyOf = (inputs: Fields, key: string, kind: PolicyKind, most: number): Problem[] => {
  const text = textAt(inputs, key);
  return text === null ? [] : checkPolicy(text, kind, most, key);
};

export const iamRules = [
  on(["iam/role:Role"], (inputs) => policyOf(inputs, "assumeRolePolicy", "trust", limits.trust)),
  on(["iam/rolePolicy:RolePolicy"], (inputs) => policyOf(inputs, "policy", "identity", limits.inline)),
  on(["s3/bucketPolicy:BucketPolicy"], (inputs) => policyOf(inputs, "policy", "resource", limits.bucket)),
];

/** All inline policies of a role share one limit (IAM user guide, IAM and STS quotas). */
export const inlinePoliciesFit: RuleBeside = ({ token, inputs }, others) => {
  if (token !== "aws:iam/rolePolicy:RolePolicy") return [];
  const all = ofType(others, "iam/rolePolicy:RolePolicy")
    .filter((other) => other.inputs.role === inputs.role)
    .map((other) => other.inputs)
    .concat(inputs);
  const size = all.reduce((sum, { policy }) => sum + policySize(String(policy)), 0);
  return refuse(
    size > limits.inline,
    "policy",
    `the role's inline policies take ${size} characters, and ${limits.inline} are taken (IAM user guide, Quotas)`,
  );
};
