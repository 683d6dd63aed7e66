import { expect, test } from "vitest";
import { secretPaths } from "../../../../../scripts/engine/secrets.ts";
import { resourcesOf } from "../../../../../scripts/platforms/aws/resources.ts";
import { specOf } from "../../../../../scripts/stacks.ts";

test("every secret that a stack names is found, with the first place that does", () => {
  const both = {
    a: { x: { secret: "one" } },
    b: { y: { secret: "two" }, z: { secret: "one" } },
    secret: "no reference",
  };
  expect([...secretPaths(both, "")].sort()).toEqual([
    ["one", "a.x"],
    ["two", "b.y"],
  ]);
  expect([...secretPaths(specOf("aws-production"), "")].sort()).toEqual([
    ["tls-certificate", "balancer.listen.tls.certificate.certificate"],
    ["tls-key", "balancer.listen.tls.certificate.key"],
  ]);
  expect(secretPaths(specOf("aws-staging"), "").size).toBe(0);
});

test("what has to be taken down is read from the state", () => {
  const state = [
    { type: "pulumi:pulumi:Stack" },
    { type: "pulumi:providers:aws", inputs: { region: "eu-west-1" }, outputs: { region: "eu-west-1" } },
    { type: "aws:lb/loadBalancer:LoadBalancer", outputs: { arn: "arn:one" } },
    { type: "aws:autoscaling/group:Group", outputs: { name: "demo-web" } },
    { type: "aws:autoscaling/group:Group", outputs: { name: "demo-lb" } },
    { type: "aws:autoscaling/lifecycleHook:LifecycleHook", outputs: { name: "ready" } },
  ];
  expect(resourcesOf(state)).toEqual({
    region: "eu-west-1",
    fronts: ["arn:one"],
    groups: ["demo-web", "demo-lb"],
  });
  expect(resourcesOf([])).toEqual({ region: null, fronts: [], groups: [] });
});
