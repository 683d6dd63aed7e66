import { builtinModules } from "node:module";
import { expect, test } from "vitest";
import { hearWithin } from "../../../../../components/plan/platforms/aws/timers.ts";
import { renderFollower } from "../../../../../components/render/aws/follower.ts";
import { followerProgram } from "../../../../../infra/grounds/aws/follower-program.ts";
import { configProblems } from "../../../../../infra/runtime/follower/config.ts";
import { pause } from "../../../../../infra/runtime/follower/follower.ts";
import { followedPlan } from "../../../../support/aws/nodes.ts";
import { planOf, stagingStack } from "../../../../support/plans.ts";

const builtins = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
const rendered = () => JSON.parse(renderFollower(followedPlan()));

test("what is rendered is what the follower takes", () => {
  expect(configProblems(rendered())).toEqual([]);
});

test("a plan without groups has nothing to follow", () => {
  expect(() => renderFollower(planOf(stagingStack))).toThrow("and not for AWS");
});

test.each<[string, (config: ReturnType<typeof rendered>) => void]>([
  ["schema: this follower reads version 1, not 2", (config) => (config.schema = 2)],
  ['region: must be a text, not ""', (config) => (config.region = "")],
  ["interval: must be from 100 to 60000 ms, not 10", (config) => (config.interval = 10)],
  ["pools: must be an object", (config) => (config.pools = [])],
  ["pools.web: must be an object", (config) => (config.pools.web = null)],
  ['pools.web.port: must be a number, not "80"', (config) => (config.pools.web.port = "80")],
  ["pools.web.health: must be an object", (config) => (config.pools.web.health = undefined)],
  ["pools.web.active: must be a text, not null", (config) => (config.pools.web.active = null)],
  ["pools.web.hot: must be a text, not undefined", (config) => (config.pools.web.hot = undefined)],
  ["metrics.errors: must be a text, not undefined", (config) => (config.metrics.errors = undefined)],
])("%s is said of a configuration", (problem, change) => {
  const config = rendered();
  change(config);
  expect(configProblems(config)).toEqual([problem]);
});

test("every balancer has heard of a node that goes before it stops, even if one look fails", () => {
  const { interval } = rendered();
  const slowest = pause(interval, 0, 1) + pause(interval, 1, 1);
  expect(slowest).toBeLessThanOrEqual(hearWithin);
});

test("the pause grows with failures up to ten seconds, and none is like the other", () => {
  const middle = [0, 1, 2, 3, 4, 50].map((failures) => pause(2000, failures, 0.5));
  expect(middle).toEqual([2000, 2000, 4000, 8000, 10_000, 10_000]);
  expect([pause(2000, 0, 0), pause(2000, 0, 1)]).toEqual([1800, 2200]);
  expect([pause(2000, 9, 0), pause(2000, 9, 1)]).toEqual([5000, 15_000]);
});

test("the program is one file that names nothing of the machine that built it", () => {
  const text = followerProgram().toString("utf8");
  expect(text).not.toContain(process.cwd());
  const imported = [...text.matchAll(/import[\w\s{},*$]*from"([^"]+)"/g)].map(([, name = ""]) => name);
  expect(imported).toContain("node:fs");
  expect(imported.filter((name) => !builtins.has(name))).toEqual([]);
});
