import { describe, expect, test } from "vitest";
import { parts } from "../../../../components/platform/aws/deployer/types.ts";
import awsProduction from "../../../../stacks/aws-production.ts";
import awsStaging from "../../../../stacks/aws-staging.ts";
import { checkStatements, incomplete, meet } from "../../../support/aws/authorization/check.ts";
import { policiesOf } from "../../../support/aws/authorization/policies.ts";
import { appPolicy } from "../../../support/aws/nodes.ts";
import { awsPlan } from "../../../support/aws/stacks.ts";
import { planAny } from "../../../support/plan-any.ts";

/* All identity policies of the kit, the deployer's and those of machines, against AWS's own reference of actions. */

const plans = {
  staging: planAny(awsStaging),
  production: planAny(awsProduction),
  "credentials for containers, an image of ECR": awsPlan(
    {
      front: { dns: { zone: "Z0123456789ABCDEFGHIJ", name: "shop.example.com" } },
      pools: { web: { policies: [appPolicy] } },
    },
    {
      pools: {
        web: {
          active: 2,
          image: {
            kind: "reference",
            reference: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/acme/api:1",
          },
        },
      },
    },
  ),
  "a key, a topic and a boundary": awsPlan({
    permissionsBoundary: "arn:aws:iam::123456789012:policy/edge",
    account: "123456789012",
    key: "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d",
    monitoring: { topic: "arn:aws:sns:eu-central-1:123456789012:mine", notify: ["a@example.com"] },
  }),
};

describe.each(Object.entries(plans))("%s", (_, plan) => {
  test("every action exists, and knows the resources and conditions that go with it", async () => {
    expect(checkStatements(await policiesOf(plan))).toEqual([]);
  });

  test("the deployer may do each call on all that the call must name", async () => {
    const policies = await policiesOf(plan);
    expect(incomplete(parts.flatMap((part) => policies[part] ?? []))).toEqual([]);
  });
});

const arn = "arn:aws:elasticloadbalancing:eu-central-1:*:listener/net/demo-front/*";
const statement = (Action: string[], Resource: string[] | "*", key?: string) => ({
  own: {
    Statement: [
      {
        Effect: "Allow" as const,
        Action,
        Resource,
        ...(key === undefined ? {} : { Condition: { StringEquals: { [key]: "x" } } }),
      },
    ],
  },
});

test.each([
  ["a name that isn't there", statement(["ec2:CreateVPC"], "*"), /no such action/],
  ["another thing's ARN", statement(["elasticloadbalancing:CreateListener"], [arn]), /is about loadbalancer/],
  ["an ARN where none is known", statement(["ec2:DescribeVpcs"], ["arn:aws:ec2:*:*:vpc/*"]), /can't be kept/],
  ["a condition nobody fills in", statement(["s3:GetObject"], "*", "ec2:Region"), /knows no condition/],
  ["a tag on what has none", statement(["sns:Subscribe"], "*", "aws:RequestTag/a"), /knows no condition/],
  ["an idle pattern", statement(["s3:GetObject"], ["arn:aws:s3:::a/*", "arn:aws:sns:*:*:a"]), /none of/],
])("the check finds %s", (_, policies, message) => {
  expect(checkStatements(policies).join("\n")).toMatch(message);
});

test.each([
  ["a*c", "ab*", true],
  ["*", "", true],
  ["a*", "b*", false],
  ["arn:*:s3:::*", "arn:aws:s3:::own/*", true],
  ["arn:*:ec2:*:*:vpc/*", "arn:aws:ec2:*:vpc/1", false],
])("%s meets %s: %s", (a, b, expected) => {
  expect(meet(a, b)).toBe(expected);
});
