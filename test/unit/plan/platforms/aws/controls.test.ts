import { describe, expect, test } from "vitest";
import { controlsOf } from "../../../../../components/plan/platforms/aws/controls.ts";
import awsProduction from "../../../../../stacks/aws-production.ts";
import { awsPlan } from "../../../../support/aws/stacks.ts";
import { planAny } from "../../../../support/plan-any.ts";

const verdictsOf = (platform: object = {}, fields: object = {}) =>
  Object.fromEntries(controlsOf(awsPlan(platform, fields)).map(({ id, verdict }) => [id, verdict]));

test("of production's controls these fail, each with what speaks against it or mends it", () => {
  const failing = controlsOf(planAny(awsProduction)).filter(({ verdict }) => verdict === "fails");
  expect(failing.map(({ id }) => id)).toEqual([
    "AutoScaling.6",
    "EC2.4",
    "EC2.10",
    "EC2.21",
    "EC2.57",
    "ELB.18",
    "ELB.21",
    "ELB.22",
    "S3.9",
    "S3.13",
  ]);
});

test("controls are named once, in order, with a title and a reason", () => {
  const controls = controlsOf(awsPlan());
  const ids = controls.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const services = ids.map((id) => id.split(".")[0] ?? "");
  expect(services).toEqual([...services].sort());
  for (const { title, why } of controls) expect([title, why].every((text) => text.length > 3)).toBe(true);
});

describe("a control follows the stack", () => {
  test.each([
    ["EC2.6", { vpc: { kind: "own", flowLogs: 30 } }, {}, "passes"],
    ["EC2.6", {}, {}, "fails"],
    ["ELB.6", {}, { protect: true }, "passes"],
    ["ELB.6", {}, {}, "fails"],
    ["AutoScaling.2", { pools: { web: { placement: "cluster", instanceType: "c7g.large" } } }, {}, "fails"],
    ["EC2.18", {}, { balancer: { kind: "nginx", listen: { http: 8000 } } }, "fails"],
    [
      "EC2.18",
      { clients: ["10.0.0.0/8"] },
      { balancer: { kind: "nginx", listen: { http: 8000 } } },
      "passes",
    ],
    ["EC2.19", {}, { balancer: { kind: "nginx", listen: { http: 8080 } } }, "fails"],
    ["EC2.19", {}, {}, "passes"],
    ["ELB.17", {}, {}, "other"],
  ] as const)("%s with %j %j %s", (id, platform, fields, verdict) => {
    expect(verdictsOf(platform, fields)[id]).toBe(verdict);
  });

  test("endpoints are there where there is no NAT", () => {
    const image = { kind: "ami", id: "ami-0123456789abcdef0", architecture: "x86_64" };
    const verdicts = verdictsOf({ vpc: { kind: "own", nat: "none" }, image });
    expect([verdicts["EC2.10"], verdicts["EC2.57"]]).toEqual(["passes", "passes"]);
  });

  test("an adopted VPC is another's", () => {
    const verdicts = verdictsOf({
      zones: ["eu-central-1a", "eu-central-1b"],
      vpc: {
        kind: "adopted",
        id: "vpc-0123456789abcdef0",
        public: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        private: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
      },
    });
    for (const id of ["EC2.2", "EC2.6", "EC2.10", "EC2.15", "EC2.21", "EC2.57"])
      expect(verdicts[id]).toBe("other");
  });
});
