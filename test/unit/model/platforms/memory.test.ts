import { expect, test } from "vitest";
import { loadStack } from "../../../../components/model/define.ts";
import { platformTraits } from "../../../../components/model/platforms/select.ts";
import { plan } from "../../../../components/plan/plan.ts";
import { memoryPlatform } from "../../../../components/platform/memory/index.ts";
import { problemsOf, small } from "../../../support/small.ts";

const stack = small({ platform: { kind: "memory" }, pools: { web: { active: 2, standby: { cold: 1 } } } });

test("its adapter has the traits that the model tells of it", () => {
  const { traits, machines } = memoryPlatform();
  expect(platformTraits("memory")).toEqual(traits);
  expect(traits.machines).toBe(machines);
});

test("a stack has single machines there, and neither door nor warden", () => {
  const images = { balancer: "balancer", node: "node", warden: "warden", filter: "filter" };
  const planned = plan(loadStack("demo", stack), { owner: "00000000", images });
  expect([...planned.balancers, ...planned.nodes].map(({ key }) => key)).toEqual([
    "lb-1",
    "lb-2",
    "web-1",
    "web-2",
    "web-cold-1",
  ]);
  expect(planned).toMatchObject({
    platform: { kind: "memory" },
    door: null,
    wardens: [],
    filter: null,
    warnings: [],
  });
});

test("it has no options", () => {
  expect(problemsOf(small({ platform: { kind: "memory", hosts: [] } }))).toEqual([
    expect.arrayContaining(["platform.hosts", "shape.unknown-field"]),
  ]);
});
