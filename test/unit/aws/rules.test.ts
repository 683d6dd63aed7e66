import { expect, test } from "vitest";
import { check } from "../../support/aws/rules/index.ts";

/* What the stand-in for AWS refuses, and what is just good enough. */

const group = { name: "g", minSize: 1, desiredCapacity: 2, maxSize: 2 };
const target = { name: "t", port: 80, healthCheck: { interval: 5, timeout: 2 } };
const subnet = { availabilityZone: "eu-central-1a", cidrBlock: "10.0.0.0/28" };

const cases: [string, object, object, string][] = [
  ["lb/loadBalancer:LoadBalancer", { name: "a".repeat(32) }, { name: "a".repeat(33) }, "name"],
  ["lb/loadBalancer:LoadBalancer", { name: "intern-a" }, { name: "internal-a" }, "name"],
  ["lb/targetGroup:TargetGroup", target, { ...target, name: "a-" }, "name"],
  ["lb/targetGroup:TargetGroup", target, { ...target, port: 65536 }, "port"],
  ["lb/targetGroup:TargetGroup", target, { ...target, healthCheck: { interval: 4 } }, "healthCheck.interval"],
  ["lb/targetGroup:TargetGroup", target, { ...target, deregistrationDelay: 3601 }, "deregistrationDelay"],
  ["lb/listener:Listener", { port: 1 }, { port: 0 }, "port"],
  ["autoscaling/group:Group", group, { ...group, maxSize: 1 }, "desiredCapacity"],
  ["autoscaling/group:Group", group, { ...group, minSize: 3 }, "desiredCapacity"],
  [
    "autoscaling/group:Group",
    { ...group, warmPool: {} },
    { ...group, warmPool: {}, mixedInstancesPolicy: {} },
    "warmPool",
  ],
  [
    "autoscaling/group:Group",
    { ...group, initialLifecycleHooks: [{ heartbeatTimeout: 30 }] },
    { ...group, initialLifecycleHooks: [{ heartbeatTimeout: 29 }] },
    "initialLifecycleHooks.*.heartbeatTimeout",
  ],
  ["ec2/launchTemplate:LaunchTemplate", { name: "abc" }, { name: "ab" }, "name"],
  ["ec2/securityGroup:SecurityGroup", { name: "s" }, { name: "sg-1" }, "name"],
  ["iam/role:Role", { name: "r".repeat(64) }, { name: "r".repeat(65) }, "name"],
  ["s3/bucket:Bucket", { bucket: "a.b-c" }, { bucket: "A-b" }, "bucket"],
  ["s3/bucket:Bucket", { bucket: "a.b" }, { bucket: "a..b" }, "bucket"],
  ["sns/topic:Topic", { name: "t_1" }, { name: "t.1" }, "name"],
  ["sns/topic:Topic", { name: "t", tags: { a: "v" } }, { name: "t", tags: { "aws:a": "v" } }, "tags.aws:a"],
  ["ssm/parameter:Parameter", { name: "/a/b" }, { name: "a b" }, "name"],
  ["cloudwatch/metricAlarm:MetricAlarm", { name: "a b" }, { name: "ä" }, "name"],
  [
    "autoscaling/group:Group",
    { ...group, tags: [{ key: "a", value: "v".repeat(256) }] },
    { ...group, tags: [{ key: "a", value: "v".repeat(257) }] },
    "tags.a",
  ],
  ["ec2/subnet:Subnet", subnet, { ...subnet, availabilityZone: "eu-west-1a" }, "availabilityZone"],
  ["ec2/subnet:Subnet", subnet, { ...subnet, cidrBlock: "10.0.0.0/29" }, "cidrBlock"],
];

test.each(cases)("%s: %j passes, %j doesn't", (type, good, bad, path) => {
  const problems = (inputs: object) => check({ token: `aws:${type}`, inputs: { ...inputs } }, "eu-central-1");
  expect(problems(good)).toEqual([]);
  expect(problems(bad).map((problem) => problem.path)).toEqual([path]);
});

test("a type that nothing is known of is refused and not passed", () => {
  expect(() => check({ token: "aws:rds/instance:Instance", inputs: {} }, "eu-central-1")).toThrow(
    "nothing is known of the type aws:rds/instance:Instance",
  );
});

test("a wanted number that isn't changed isn't sent, so new bounds around it are taken", () => {
  const token = "aws:autoscaling/group:Group";
  const more = { ...group, minSize: 3, maxSize: 4 };
  expect(check({ token, inputs: more, before: group }, "eu-central-1")).toEqual([]);
  expect(check({ token, inputs: more }, "eu-central-1")).toHaveLength(1);
  const crossed = { ...group, minSize: 5, maxSize: 4 };
  expect(check({ token, inputs: crossed, before: group }, "eu-central-1")).toHaveLength(1);
});
