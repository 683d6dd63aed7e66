import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeForecast } from "../../../../../components/plan/describe-forecast.ts";
import { forecast } from "../../../../../components/plan/forecast.ts";
import type { ForecastId } from "../../../../../components/plan/forecast-types.ts";
import { givenUpAfter } from "../../../../../components/plan/tiers/lvs/node-faults.ts";
import { projectRoot } from "../../../../../infra/context.ts";
import { planAny } from "../../../../support/plan-any.ts";

const stack = (service: object = {}, db: object = {}, count = 2) => ({
  name: "lvs",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "lvs", count, services: [{ port: 5432, pool: "db", ...service }] },
  pools: { db: { port: 5432, active: 4, standby: { hot: 1 }, ...db } },
});
const load = { rate: { get: 200, post: 100, idempotent: 100 }, service: 20, pool: "db", split: 4000 };
const of = (id: ForecastId, input = stack()) => forecast(planAny(input), load).find((one) => one.id === id);

const hashed = ["mh", "sh"];
const others = ["rr", "wrr", "lc", "wlc", "sed", "nq", "lblc"];

describe("the loss of a director", () => {
  it.each(hashed)("costs nobody anything but the time where the scheduler is %s", (scheduler) => {
    for (const id of ["balancer-killed", "balancer-frozen", "balancer-stopped", "partition"] as const) {
      const { lost, open } = of(id, stack({ scheduler })) ?? {};
      expect(Object.values(lost ?? {}).map(({ high }) => high)).toEqual([0, 0, 0]);
      expect(open).toEqual({ low: 0, high: 0 });
    }
  });

  it.each(others)("costs those that began within two seconds where it is %s", (scheduler) => {
    const { lost, open } = of("balancer-killed", stack({ scheduler })) ?? {};
    // 200 a second for 2 s, and those of 20 ms that are under way: 4 on average, 6 more at most.
    expect(lost?.get).toEqual({ low: 0, high: 410 });
    expect(open).toEqual({ low: 0, high: 0 });
  });

  it("is three adverts and the skew of silence, the skew alone when it says goodbye", () => {
    expect(of("balancer-killed")?.noService.low).toBeCloseTo(200 + 41.4, 1);
    expect(of("balancer-killed")?.noService.high).toBeCloseTo(300 + 45.3, 1);
    expect(of("control-dead")?.noService.high).toBeCloseTo(75.3, 1);
  });

  it("is not forecast where there is no other", () => {
    expect(of("balancer-killed", stack({}, {}, 1))).toBeUndefined();
  });
});

describe("the loss of a node", () => {
  it("costs its share of new connections until the checks have seen it, and all that are open there", () => {
    const { detect, lost, open } = of("node-frozen") ?? {};
    expect(detect).toEqual({ low: 350, high: 550 });
    // A quarter of 200 a second for 550 ms, and 1 under way on average, 3 more at most.
    expect(lost?.get).toEqual({ low: 0, high: 27.5 + 4 });
    expect(open).toEqual({ low: 0.25, high: 0.25 });
  });

  it("by its errors lasts on open connections until the kernel gives them up", () => {
    const seconds = (of("node-errors")?.lost.get.high ?? 0) / 50;
    expect(seconds).toBeCloseTo(0.4 + givenUpAfter / 1000 + 4 / 50, 5);
  });

  it("is no loss to who reaches another pool by UDP alone", () => {
    expect(forecast(planAny(stack({ protocol: "udp" })), load)).toEqual([]);
  });

  it("that only a deeper check sees is not forecast where a connection is enough", () => {
    const shallow = stack({}, { health: { protocol: "tcp" } });
    expect(of("node-killed", shallow)).toBeDefined();
    for (const id of ["node-frozen", "node-slow", "node-errors"] as const)
      expect(of(id, shallow)).toBeUndefined();
  });

  it("is given up as the director does it", () => {
    const lua = readFileSync(join(projectRoot, "infra/runtime/balancer/lua/hotspare/director.lua"), "utf8");
    expect(Number(/given_up_after = (\d+)/.exec(lua)?.[1])).toBe(givenUpAfter / 1000);
  });
});

it("is told in words, and counts requests as one kind", () => {
  const lines = describeForecast(planAny(stack())).split("\n");
  expect(lines[0]).toContain("100 requests a second of 20 ms, each on a connection of its own");
  expect(lines.find((line) => line.includes("a node is frozen"))).toContain(
    "lost: 0–20 requests; 25 % of open connections end",
  );
  expect(lines.find((line) => line.includes("address is killed"))).toContain(
    "nobody answers for 241–345 ms; nothing is lost; open connections go on",
  );
});
