import { describe, expect, test } from "vitest";
import { keyPolicy } from "../../../../../components/platform/aws/deployer/key-policy.ts";
import { missingIn } from "../../../../../scripts/platforms/aws/key.ts";
import { policiesFor } from "../../../../../scripts/platforms/aws/policies.ts";
import { awsPlan } from "../../../../support/aws/stacks.ts";

const key = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d";
const statementsOf = (platform: object = {}) => keyPolicy(awsPlan({ key, ...platform }))?.Statement ?? [];
const scaling =
  "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";

describe("the policy of a stack's own key", () => {
  test("lets Auto Scaling start machines with its disks, CloudWatch write logs and reach the topic", () => {
    const statements = statementsOf();
    expect(statements.map(({ Principal }) => Principal)).toEqual([
      { AWS: [scaling] },
      { AWS: [scaling] },
      { Service: "logs.eu-central-1.amazonaws.com" },
      { Service: "cloudwatch.amazonaws.com" },
    ]);
    expect(statements[1]).toMatchObject({
      Action: ["kms:CreateGrant"],
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    });
    expect(statements[2]?.Condition).toEqual({
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn":
          "arn:aws:logs:eu-central-1:123456789012:log-group:/hotspare/demo-0123/*",
      },
    });
  });

  test("names Spot's role where there are Spot machines, and no alarms where the topic is another's", () => {
    const topic = "arn:aws:sns:eu-central-1:123456789012:mine";
    const spot = { onDemand: 1, types: ["t3.medium"] };
    const statements = statementsOf({ monitoring: { topic }, pools: { web: { spot } } });
    expect(JSON.stringify(statements)).toContain("AWSServiceRoleForEC2Spot");
    expect(JSON.stringify(statements)).not.toContain("cloudwatch.amazonaws.com");
  });

  test("is a part of what a plan prints, for such stacks alone", () => {
    expect(Object.keys(policiesFor(awsPlan({ key })))).toEqual(["network", "machines", "services", "key"]);
    expect(Object.keys(policiesFor(awsPlan()))).not.toContain("key");
  });
});

describe("a key's policy as it is", () => {
  const root = {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::123456789012:root" },
    Action: "kms:*",
    Resource: "*",
  };
  const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

  test("with our statements lacks nothing", () => {
    expect(missingIn(statementsOf(), policy(root, ...statementsOf()))).toEqual([]);
  });

  test("as AWS makes it lets nobody but the account's own policies speak", () => {
    const missing = missingIn(statementsOf(), policy(root));
    expect(missing).toHaveLength(4);
    expect(missing[0]).toContain(`${scaling}: kms:Encrypt, kms:Decrypt, kms:ReEncrypt*`);
  });

  test.each([
    ["one statement that is no list", { Effect: "Allow", Principal: "*", Action: "kms:*" }, 0],
    ["a statement that denies", { Effect: "Deny", Principal: "*", Action: "kms:*" }, 4],
    [
      "less than all calls",
      { Effect: "Allow", Principal: "*", Action: ["kms:Decrypt", "kms:GenerateDataKey*"] },
      3,
    ],
  ])("with %s", (_, statement, count) => {
    expect(missingIn(statementsOf(), JSON.stringify({ Statement: statement }))).toHaveLength(count);
  });
});
