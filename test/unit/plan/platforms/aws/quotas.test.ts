import { expect, test } from "vitest";
import { awsPlanOf } from "../../../../../components/plan/platforms/aws/part.ts";
import { machineQuota, quotaNeeds } from "../../../../../components/plan/platforms/aws/quotas.ts";
import { awsPlan } from "../../../../support/aws/stacks.ts";

const needsOf = (platform: object = {}, fields: object = {}) => {
  const plan = awsPlan(platform, fields);
  return Object.fromEntries(
    quotaNeeds(plan, awsPlanOf(plan)).map(({ code, standing, peak }) => [code, [standing, peak]]),
  );
};

test.each([
  ["t3.small", "L-1216C47A", "L-34B43A08"],
  ["im4gn.large", "L-1216C47A", "L-34B43A08"],
  ["g4dn.xlarge", "L-DB2E81BA", "L-3819A6DF"],
  ["gr6.4xlarge", "L-DB2E81BA", "L-3819A6DF"],
  ["inf2.xlarge", "L-1945791B", "L-B5D1601B"],
  ["dl2q.24xlarge", "L-6E869C2A", "L-85EED4F7"],
  ["d3.xlarge", "L-1216C47A", "L-34B43A08"],
  ["x2gd.medium", "L-7295265B", "L-E3A00192"],
  ["u7i-12tb.224xlarge", "L-43DA4232", null],
  ["hpc7g.4xlarge", "L-F7808C92", null],
])("%s counts to %s, as Spot to %s", (type, onDemand, spot) => {
  expect([machineQuota(type, "onDemand"), machineQuota(type, "spot")]).toEqual([onDemand, spot]);
});

test("two balancers, two nodes, a hot and a cold standby: each group has one more while it changes", () => {
  const pools = { web: { active: 2, standby: { hot: 1, cold: 1 } } };
  // t3.small has 2 vCPUs; the stopped one runs while it is made.
  expect(needsOf({ vpc: { kind: "own", nat: "one" } }, { pools })).toEqual({
    "L-1216C47A": [10, 18],
    "L-0263D0A3": [1, 1],
    "L-F678F1CE": [1, 1],
    "L-CDE20ADC": [3, 3],
    "L-B211E961": [5, 8],
  });
});

test("Spot machines count apart, by the largest type that may come; scaling to its most", () => {
  const web = {
    scaling: { max: 6, targets: [{ kind: "cpu", percent: 60 }] },
    spot: { onDemand: 1, types: ["t3.xlarge"] },
  };
  const needs = needsOf({ pools: { web } }, { pools: { web: { active: 2 } } });
  // Two balancers with 2 vCPUs each and one more, one node with up to 4; the other nodes are Spot.
  expect(needs["L-1216C47A"]).toEqual([2 * 2 + 4, 3 * 2 + 4]);
  expect(needs["L-34B43A08"]).toEqual([4, 6 * 4]);
});

test("an adopted VPC takes neither a VPC nor an address", () => {
  const needs = needsOf({
    zones: ["eu-central-1a", "eu-central-1b"],
    vpc: {
      kind: "adopted",
      id: "vpc-0123456789abcdef0",
      public: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      private: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
    },
  });
  expect(Object.keys(needs)).toEqual(["L-1216C47A", "L-CDE20ADC", "L-B211E961"]);
});
