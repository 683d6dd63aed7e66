import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  enoughAnswers,
  lastPatience,
  leastPatience,
  looksEach,
  patienceFactor,
  patienceOf,
  unknownPatience,
} from "../../../components/plan/patience.ts";
import { planOf } from "../../support/plans.ts";

function route(fields: object) {
  const stack = {
    name: "one",
    environment: "development",
    platform: { kind: "docker" },
    pools: { web: { active: 2 } },
    routes: [{ path: "/", pool: "web", ...fields }],
  };
  const [first] = planOf(stack).routes;
  if (first === undefined) throw new Error("no route");
  return first;
}

test("the numbers are those of the balancers' Lua code", () => {
  const lua = (name: string) =>
    readFileSync(
      new URL(`../../../infra/runtime/balancer/lua/hotspare/${name}.lua`, import.meta.url),
      "utf8",
    );
  expect(lua("learned")).toContain(
    `M.least, M.unknown, M.factor = ${leastPatience / 1000}, ${unknownPatience / 1000}, ${patienceFactor}\n`,
  );
  expect(lua("learned")).toContain(`M.enough = ${enoughAnswers}\n`);
  expect(lua("patience")).toContain(`ngx.timer.every(${looksEach / 1000}, `);
});

test("a try is given 10 s before anything is known, then three times the slowest answers, a second at least", () => {
  expect(patienceOf(route({}), null)).toBe(10_000);
  expect(patienceOf(route({}), 20)).toBe(1000);
  expect(patienceOf(route({}), 5000)).toBe(15_000);
});

test("never more than readTimeout, and what is fixed is fixed", () => {
  expect(patienceOf(route({ readTimeout: "2 s" }), null)).toBe(2000);
  expect(patienceOf(route({}), 30_000)).toBe(60_000);
  expect(patienceOf(route({ patience: "3 s" }), null)).toBe(3000);
  expect(patienceOf(route({ patience: "3 s" }), 5000)).toBe(3000);
});

test("where nobody else may be asked a try is given 10 s at least", () => {
  expect(lastPatience(route({}), 20)).toBe(10_000);
  expect(lastPatience(route({}), 5000)).toBe(15_000);
  expect(lastPatience(route({ readTimeout: "2 s" }), 20)).toBe(2000);
  expect(lastPatience(route({ patience: "1 s" }), 20)).toBe(1000);
});
