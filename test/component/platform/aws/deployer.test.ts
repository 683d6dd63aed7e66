import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { awsPart } from "../../../../components/plan/platforms/aws/part.ts";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { callsOf, callsOfCommands } from "../../../../components/platform/aws/deployer/calls.ts";
import { deployerPolicies } from "../../../../components/platform/aws/deployer/policy.ts";
import awsProduction from "../../../../stacks/aws-production.ts";
import awsStaging from "../../../../stacks/aws-staging.ts";
import { refusedTo, requestsFor } from "../../../support/aws/deployer.ts";
import { allows } from "../../../support/aws/iam.ts";
import { appPolicy } from "../../../support/aws/nodes.ts";
import { imageId, neighbours, recordAws } from "../../../support/aws/platform.ts";
import { checkPolicy } from "../../../support/aws/rules/iam.ts";
import type { Neighbour } from "../../../support/aws/rules/index.ts";
import { awsPlan } from "../../../support/aws/stacks.ts";
import { planAny } from "../../../support/plan-any.ts";

/* What the deployer's policy lets somebody do: all that the cluster's own resources need, and nothing to anybody else's. */

const adopted = {
  zones: ["eu-central-1a", "eu-central-1b"],
  vpc: {
    kind: "adopted",
    id: "vpc-0123456789abcdef0",
    public: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    private: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
  },
};
const key = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d";

const boundary = "arn:aws:iam::123456789012:policy/edge";

const plans: Readonly<Record<string, ClusterPlan>> = {
  staging: planAny(awsStaging),
  production: planAny(awsProduction),
  "no NAT gateway": awsPlan({
    vpc: { kind: "own", nat: "none" },
    image: { kind: "ami", id: imageId, architecture: "x86_64" },
  }),
  adopted: awsPlan(adopted),
  "account, key and topic": awsPlan({
    account: "123456789012",
    key,
    monitoring: { topic: "arn:aws:sns:eu-central-1:123456789012:mine", notify: ["a@example.com"] },
  }),
  "a boundary, and flow logs": awsPlan({
    permissionsBoundary: boundary,
    vpc: { kind: "own", flowLogs: 14 },
  }),
  "credentials for containers, a name, a schedule": awsPlan(
    {
      permissionsBoundary: boundary,
      front: { dns: { zone: "Z0123456789ABCDEFGHIJ", name: "shop.example.com" } },
      pools: {
        web: {
          policies: [appPolicy],
          scaling: {
            max: 4,
            targets: [{ kind: "cpu", percent: 60 }],
            schedule: [{ at: "0 7 * * *", min: 3 }],
          },
        },
      },
    },
    { pools: { web: { active: 2, image: { kind: "reference", reference: "ghcr.io/acme/api:1" } } } },
  ),
  "China's partition": awsPlan({ region: "cn-north-1", zones: ["cn-north-1a", "cn-north-1b"] }),
  "longest names": awsPlan(
    { region: "ap-southeast-1" },
    { name: "a".repeat(24), pools: { ["b".repeat(16)]: { active: 1, standby: { hot: 1, cold: 1 } } } },
  ),
  "a reserved name": awsPlan({}, { name: "internal-shop" }),
};

const madeOf = async (plan: ClusterPlan): Promise<Neighbour[]> =>
  neighbours((await recordAws(plan)).resources).filter(({ token }) => token.startsWith("aws:"));

describe.each(Object.entries(plans))("%s", (_, plan) => {
  const policies = deployerPolicies(plan);

  test.each(Object.entries(policies))(
    "%s is a policy that IAM takes, within 6,144 characters",
    (part, policy) => {
      expect(checkPolicy(JSON.stringify(policy), "identity", 6144, part)).toEqual([]);
    },
  );

  test("the commands may look at what there is", () => {
    const context = { "aws:RequestedRegion": awsPart(plan)?.region ?? "" };
    const refused = callsOfCommands.filter(
      (action) => !allows(Object.values(policies), { action, resource: "*", context }),
    );
    expect(refused).toEqual([]);
  });

  test("there is a policy for each region alone", () => {
    const context = { "aws:RequestedRegion": "us-east-2" };
    const everywhere = { action: "ec2:DescribeVpcs", resource: "*", context };
    expect(allows(Object.values(policies), everywhere)).toBe(false);
  });
});

const inAws = Object.entries(plans).filter(([, plan]) => !awsPart(plan)?.region.startsWith("cn-"));

test.each(inAws)(
  "%s: whatever its resources need is allowed",
  async (_, plan) => {
    expect(refusedTo(plan, await madeOf(plan))).toEqual([]);
  },
  180_000,
);

test("the same for another cluster's resources isn't, whatever they are called or tagged", async () => {
  const plan = awsPlan({}, { name: "other" });
  const made = await madeOf(plan);
  const policies = Object.values(deployerPolicies(awsPlan()));
  const allowed = made
    .flatMap((resource) => requestsFor(plan, made, resource))
    .filter(({ resource }) => resource !== "*")
    .filter((request) => allows(policies, request))
    // To tag what one makes says nothing of what one may make.
    .filter(({ action, context }) => !(action === "ec2:CreateTags" && "ec2:CreateAction" in context));
  expect(allowed).toEqual([]);
});

test("the calls are of the types that the kit makes, no more and no fewer", async () => {
  const made: Neighbour[] = [];
  // One after the other: recordings share the SDK's state.
  for (const plan of [
    plans.staging,
    plans.production,
    plans["no NAT gateway"],
    plans["credentials for containers, a name, a schedule"],
  ])
    if (plan !== undefined) made.push(...(await madeOf(plan)));
  expect([...new Set(made.map(({ token }) => token))].sort()).toEqual(Object.keys(callsOf).sort());
}, 180_000);

test("the commands make no call that the policies don't know, and none is listed that they don't make", () => {
  const folder = join(import.meta.dirname, "../../../../scripts/platforms/aws");
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const called = sources.flatMap((source) => [
    ...[...source.matchAll(/new ([A-Z]\w+)Command\(/g)].map(([, name = ""]) => name),
    ...[...source.matchAll(/paginate([A-Z]\w+)\(/g)].map(([, name = ""]) => name),
    ...(source.includes("callJson")
      ? [...source.matchAll(/"(Get[A-Z]\w+)"/g)].map(([, name = ""]) => name)
      : []),
  ]);
  const nameOf = (action: string) => action.split(":").at(-1) ?? "";
  // Kept to parameters of images and to the stack's own key, these are no looks at a region.
  const kept = ["GetParameter", "GetKeyPolicy"];
  const looks = called.filter((name) => /^(Describe|Get)/.test(name) && !kept.includes(name));
  expect([...new Set(looks)].sort()).toEqual(callsOfCommands.map(nameOf).sort());
  const key = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d";
  const known = Object.values(deployerPolicies(awsPlan({ key }))).flatMap(({ Statement }) =>
    Statement.flatMap(({ Action }) => Action.map(nameOf)),
  );
  expect(called.filter((name) => !known.includes(name))).toEqual([]);
});

test("who adopts a VPC may make nothing of a network but security groups in it", () => {
  const { network } = deployerPolicies(awsPlan(adopted));
  const actions = network.Statement.flatMap(({ Action }) => Action);
  const changing = actions.filter((action) => /^ec2:(Create|Delete|Modify)/.test(action));
  expect([...new Set(changing)].sort()).toEqual([
    "ec2:CreateSecurityGroup",
    "ec2:CreateTags",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteTags",
    "ec2:ModifySecurityGroupRules",
  ]);
});

test("roles are passed to machines and flow logs, and machines started by own templates, alone", () => {
  const plan = awsPlan();
  const policies = Object.values(deployerPolicies(plan));
  const pass = (service: string, role = "demo-0123-balancers") => ({
    action: "iam:PassRole",
    resource: `arn:aws:iam::123456789012:role/${role}`,
    context: { "iam:PassedToService": service },
  });
  expect(allows(policies, pass("ec2.amazonaws.com"))).toBe(true);
  expect(allows(policies, pass("lambda.amazonaws.com"))).toBe(false);
  expect(allows(policies, pass("ec2.amazonaws.com", "administrator"))).toBe(false);
  const start = (kind: string, context: Record<string, string>) => ({
    action: "ec2:RunInstances",
    resource: `arn:aws:ec2:eu-central-1:123456789012:${kind}/x-1`,
    context,
  });
  expect(allows(policies, start("instance", {}))).toBe(false);
  const own = { "aws:ResourceTag/hotspare.owner": plan.owner, "aws:ResourceTag/hotspare.cluster": "demo" };
  expect(allows(policies, start("launch-template", own))).toBe(true);
  expect(allows(policies, start("launch-template", { ...own, "aws:ResourceTag/hotspare.owner": "x" }))).toBe(
    false,
  );
});

test("in a zone of Route 53 no name but the cluster's own is changed", () => {
  const plan = plans["credentials for containers, a name, a schedule"] ?? awsPlan();
  const change = (name: string) =>
    allows(Object.values(deployerPolicies(plan)), {
      action: "route53:ChangeResourceRecordSets",
      resource: "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
      context: { "route53:ChangeResourceRecordSetsNormalizedRecordNames": name },
    });
  expect([change("shop.example.com"), change("www.example.com")]).toEqual([true, false]);
});

test("roles are given the policies that the stack names, and no others", () => {
  const plan = plans["credentials for containers, a name, a schedule"] ?? awsPlan();
  const policies = Object.values(deployerPolicies(plan));
  const give = (policy: string, limit = boundary) =>
    allows(policies, {
      action: "iam:AttachRolePolicy",
      resource: "arn:aws:iam::123456789012:role/demo-0123-app-web",
      context: { "iam:PolicyARN": policy, "iam:PermissionsBoundary": limit },
    });
  expect(give(appPolicy)).toBe(true);
  expect(give("arn:aws:iam::aws:policy/AdministratorAccess")).toBe(false);
  expect(give(appPolicy, "arn:aws:iam::aws:policy/AdministratorAccess")).toBe(false);
});

test("with a boundary no role is made or given policies without it, and none loses it", () => {
  const policies = Object.values(deployerPolicies(awsPlan({ permissionsBoundary: boundary })));
  const ask = (action: string, context: Record<string, string>) =>
    allows(policies, { action, resource: "arn:aws:iam::123456789012:role/demo-0123-balancers", context });
  const writing = ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"];
  const within = { "iam:PermissionsBoundary": boundary };
  const other = { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" };
  expect(writing.map((action) => ask(action, within))).toEqual([true, true, true]);
  expect(writing.map((action) => ask(action, other))).toEqual([false, false, false]);
  expect(writing.map((action) => ask(action, {}))).toEqual([false, false, false]);
  const escapes = ["iam:DeleteRolePermissionsBoundary", "iam:UpdateAssumeRolePolicy", "iam:AttachRolePolicy"];
  expect(escapes.map((action) => ask(action, within))).toEqual([false, false, false]);
});
