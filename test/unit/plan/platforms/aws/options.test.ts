import { describe, expect, test } from "vitest";
import { describePlan } from "../../../../../components/plan/describe.ts";
import { awsPart } from "../../../../../components/plan/platforms/aws/part.ts";
import { appPolicy } from "../../../../support/aws/nodes.ts";
import { awsPlan } from "../../../../support/aws/stacks.ts";

/* What only some stacks say of their load balancer, their pools and their certificate: in the plan, in words, in the estimate. */

const reference = { image: { kind: "reference", reference: "ghcr.io/acme/api:1" } };
const web = (options: object, fields: object = {}) =>
  awsPlan({ pools: { web: options } }, { pools: { web: { active: 2, ...fields } } });
const group = (plan: ReturnType<typeof awsPlan>, key = "web") => plan.groups.find((one) => one.key === key);
const cpu = { kind: "cpu", percent: 60 };

test("a certificate of ACM has an alarm before its end, which turns no change back; others have none", () => {
  const alarms = (certificate: object) =>
    awsPart(awsPlan({}, { balancer: { kind: "nginx", listen: { tls: { certificate } } } }))?.monitoring
      .alarms ?? [];
  const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b";
  expect(alarms({ kind: "acm", arn }).find(({ key }) => key === "lb-certificate")).toMatchObject({
    name: "demo-0123-lb-certificate",
    group: "lb",
    metric: { source: "certificate", arn, name: "DaysToExpiry" },
    comparison: "below",
    threshold: 21,
    period: 86_400,
    missing: "fine",
    guards: false,
  });
  expect(alarms({ kind: "self-signed", names: ["a.test"] }).map(({ key }) => key)).not.toContain(
    "lb-certificate",
  );
});

describe("the load balancer", () => {
  const dns = { zone: "Z0123456789ABCDEFGHIJ", name: "shop.example.com", failover: "secondary" };

  test("inside the VPC has no public address to pay for, and a name", () => {
    const plan = awsPlan({ front: { internal: true, dns } });
    expect(describePlan(plan)).toContain(
      "Network Load Balancer demo-0123-front (inside the VPC alone, called shop.example.com (secondary)) TCP 80",
    );
    const items = awsPart(plan)?.cost.items.map(({ what }) => what);
    expect(items).not.toContain("public addresses of the load balancer");
  });

  test("that a stack says nothing of is as it was", () => {
    const front = awsPart(awsPlan())?.front ?? {};
    expect(Object.keys(front).filter((key) => ["internal", "addresses", "dns"].includes(key))).toEqual([]);
  });
});

describe("pools", () => {
  test("by the clock and a forecast are told, and only the active nodes follow", () => {
    const scaling = {
      max: 9,
      targets: [cpu],
      schedule: [{ at: "0 7 * * 1-5", zone: "Europe/Berlin", min: 6 }],
      predictive: { percent: 50, mode: "scale", ahead: "10 min" },
    };
    const plan = web({ scaling }, { standby: { hot: 1 } });
    expect(describePlan(plan)).toContain(
      'at least 6 from "0 7 * * 1-5" Europe/Berlin on; machines 10 min ahead of what is forecast for 50 % CPU',
    );
    expect(group(plan, "web-hot")).not.toHaveProperty("schedule");
  });

  test("a disk of their own counts in the estimate, and makes other machines", () => {
    const [small, large] = [web({ disk: { size: "8 GB" } }), web({ disk: { size: "108 GB" } })];
    const cost = (plan: typeof small) => awsPart(plan)?.cost.total ?? 0;
    // Two machines with 100 GB more.
    expect(cost(large) - cost(small)).toBeGreaterThan(15);
    expect(group(large)?.fingerprint).not.toBe(group(small)?.fingerprint);
  });

  test("with policies have containers that find their credentials; another list makes no other machines", () => {
    const [one, two] = [
      web({ policies: [appPolicy] }, reference),
      web({ policies: [appPolicy, "arn:aws:iam::aws:policy/AmazonSQSFullAccess"] }, reference),
    ];
    expect(group(one)?.service).toMatchObject({
      environment: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/credentials", AWS_REGION: "eu-central-1" },
    });
    expect(group(two)?.fingerprint).toBe(group(one)?.fingerprint);
    expect(group(web({}, reference))?.fingerprint).not.toBe(group(one)?.fingerprint);
    expect(describePlan(two)).toContain("containers with orders-table, AmazonSQSFullAccess");
  });

  test.each([
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/api:1", "eu-west-1", "acme/api"],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/api@sha256:0a", "cn-north-1", "api"],
  ])("sign in at ECR by what their image is called: %s", (name, region, repository) => {
    const plan = web({}, { image: { kind: "reference", reference: name } });
    expect(group(plan)?.service).toMatchObject({ registry: { kind: "own", region, repository } });
  });

  test.each(["ghcr.io/acme/api:1", "public.ecr.aws/acme/api:1", "acme/api"])(
    "sign in nowhere for %s",
    (name) => {
      const plan = web({}, { image: { kind: "reference", reference: name } });
      expect(group(plan)?.service).not.toHaveProperty("registry");
    },
  );

  test("without a NAT gateway reach what they fetch from and ask by endpoints", () => {
    const image = { kind: "ami", id: "ami-0123456789abcdef0", architecture: "x86_64" };
    const plan = awsPlan(
      { vpc: { kind: "own", nat: "none" }, image, pools: { web: { policies: [appPolicy] } } },
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
    );
    expect(awsPart(plan)?.vpc).toMatchObject({
      endpoints: expect.arrayContaining(["ecr.api", "ecr.dkr", "sts"]),
    });
  });
});
