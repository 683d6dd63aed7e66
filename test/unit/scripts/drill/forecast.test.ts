import { describe, expect, it } from "vitest";
import { describeForecast } from "../../../../components/plan/describe-forecast.ts";
import { forecast } from "../../../../components/plan/forecast.ts";
import { addressGap } from "../../../../components/plan/forecast-tier.ts";
import type { ForecastId } from "../../../../components/plan/forecast-types.ts";
import { render } from "../../../../components/render/index.ts";
import { compare } from "../../../../scripts/drill/agree.ts";
import { catalog } from "../../../../scripts/drill/catalog.ts";
import { check } from "../../../../scripts/drill/check.ts";
import { tierHas } from "../../../../scripts/drill/tiers/select.ts";
import { planAny } from "../../../support/plan-any.ts";
import { developmentStack } from "../../../support/plans.ts";
import { context, operation, recording } from "./support.ts";

const plan = planAny(developmentStack);
const load = { rate: { get: 200, post: 100, idempotent: 100 }, service: 20, pool: "web", split: 4000 };
const of = (id: ForecastId, stack: { readonly pools: object } = developmentStack) =>
  forecast(planAny(stack), load).find((one) => one.id === id);

describe("the move of the address", () => {
  it("is two to three adverts and the skew after silence, the skew alone after a goodbye", () => {
    const { silent, goodbye } = addressGap(plan.balancers, 100);
    // Priorities 150 and 140: skews of 106 and 116 / 256 of an advert.
    expect(silent.low).toBeCloseTo(200 + 41.4, 1);
    expect(silent.high).toBeCloseTo(300 + 45.3, 1);
    expect(goodbye.low).toBeCloseTo(41.4, 1);
    expect(goodbye.high).toBeCloseTo(75.3, 1);
  });

  it("grows with the interval of the adverts", () => {
    expect(addressGap(plan.balancers, 1000).silent.high).toBeCloseTo(3453, 0);
  });

  it("makes clients wait the kernel's second, and three when the address takes longer", () => {
    expect(of("balancer-killed")?.worst).toEqual({ low: 20, high: 1020 });
    const slow = { ...developmentStack, balancer: { kind: "nginx", failover: { advertise: "1 s" } } };
    expect(of("balancer-killed", slow)?.worst).toEqual({ low: 20, high: 7020 });
    const medium = { ...developmentStack, balancer: { kind: "nginx", failover: { advertise: "300 ms" } } };
    expect(of("balancer-killed", medium)?.worst).toEqual({ low: 20, high: 3020 });
  });

  it("is not forecast where there is no other balancer", () => {
    expect(
      of("balancer-killed", { ...developmentStack, balancer: { kind: "nginx", count: 1 } } as never),
    ).toBeUndefined();
  });
});

describe("a node", () => {
  it("that is frozen costs its share of POSTs until its checks are over, and a GET the route's patience", () => {
    const frozen = of("node-frozen");
    // interval 200 ms, time-out 150 ms, two failed checks.
    expect(frozen?.detect).toEqual({ low: 350, high: 550 });
    // 100 POSTs a second, a third of them: 11.7 to 18.3, and up to 4 under way.
    expect(frozen?.lost.post.low).toBeCloseTo(11.67, 2);
    expect(frozen?.lost.post.high).toBeCloseTo(18.33 + 4, 2);
    expect(frozen?.lost.get).toEqual({ low: 0, high: 0 });
    expect(frozen?.lost.idempotent).toEqual({ low: 0, high: 0 });
    // Three times 20 ms are less than the least patience; a balancer that has just begun gives 10 s.
    expect(frozen?.worst).toEqual({ low: 1000, high: 1020 });
    expect(frozen?.unlearned).toEqual({ low: 10_000, high: 10_020 });
  });

  it("that is frozen is left later where the route is slow, and as the stack says where patience is fixed", () => {
    const frozen = (service: number, fields: object) => {
      const stack = { ...developmentStack, routes: [{ path: "/", pool: "web", ...fields }] };
      return forecast(planAny(stack), { ...load, service }).find(({ id }) => id === "node-frozen");
    };
    expect(frozen(500, {})?.worst).toEqual({ low: 1500, high: 2000 });
    expect(frozen(500, {})?.lost.get.high).toBe(0);
    expect(frozen(20, { patience: "2 s" })?.worst).toEqual({ low: 2000, high: 2020 });
    expect(frozen(20, { patience: "2 s" })?.unlearned).toBeUndefined();
    expect(frozen(20, { readTimeout: "700 ms" })?.worst).toEqual({ low: 700, high: 720 });
  });

  it("that is killed costs what was under way", () => {
    const killed = of("node-killed");
    expect(killed?.lost.post).toEqual({ low: 0, high: 4 });
    expect(killed?.worst).toEqual({ low: 20, high: 270 });
    expect(killed?.noService).toEqual({ low: 0, high: 0 });
  });

  it("that answers 500 fails everybody's share until its checks are over", () => {
    const failing = of("node-errors");
    expect(failing?.detect).toEqual({ low: 200, high: 400 });
    expect(failing?.lost.get.low).toBeCloseTo(13.33, 2);
    expect(failing?.lost.get.high).toBeCloseTo(26.67, 2);
  });

  it("with more weight costs more", () => {
    const weighted = { ...developmentStack, pools: { web: { active: 3, weights: { "web-1": 2 } } } };
    expect(of("node-errors", weighted)?.lost.get.low).toBeCloseTo(20, 2);
  });

  it("is not forecast where it is the only one", () => {
    expect(of("node-killed", { ...developmentStack, pools: { web: { active: 1 } } })).toBeUndefined();
    expect(of("all-active-lost", { ...developmentStack, pools: { web: { active: 3 } } })).toBeUndefined();
  });
});

it("is told in words", () => {
  // The longest title has 71 letters.
  const line = (title: string, cost: string) => `  ${title.padEnd(71)}  ${cost}`;
  expect(describeForecast(plan).split("\n").slice(0, 4)).toEqual([
    "what faults will cost, by the timers alone (50 GET, 25 POST and 25 idempotent POST a second of 20 ms; clients that never ask twice):",
    line("a node is killed", "somebody always answers; lost: 0–2 POST; longest wait 20–270 ms"),
    line("a node's process dies", "somebody always answers; lost: 0–2 POST; longest wait 20–270 ms"),
    line(
      "a node is frozen",
      "somebody always answers; lost: 2–7 POST; longest wait 1.00–1.02 s (10 s until the balancers know the route)",
    ),
  ]);
});

describe("a forecast beside what came", () => {
  const killed = of("balancer-killed");
  const measured = (gap: number) => {
    const figures = check(recording({ operations: [operation({ id: "a" })] }), context);
    return killed === undefined
      ? undefined
      : compare(killed, { ...figures, measures: { ...figures.measures, gap } }).find(
          ({ figure }) => figure === "no service",
        )?.agrees;
  };

  it("agrees within a fifth of its range", () => {
    expect([160, 200, 300, 440, 450].map(measured)).toEqual([false, true, true, true, false]);
  });

  it("is open where nothing was measured", () => {
    const figures = check(recording({ operations: [operation({ id: "a" })] }), context);
    const frozen = of("node-frozen");
    expect(frozen && compare(frozen, figures).find(({ figure }) => figure === "detect")).toMatchObject({
      measured: null,
      agrees: null,
    });
  });
});

describe("a drill", () => {
  it("has a forecast, unless it goes by another", () => {
    const forecasts = forecast(plan, load).map(({ id }) => id);
    const drills = catalog
      .filter((drill) => drill.basis === undefined && tierHas(plan, drill))
      .map(({ id }) => id);
    expect([...forecasts].sort()).toEqual([...drills].sort());
  });
});

describe("balancers that lose each other", () => {
  it("both answer, and cost what clients keep with each announcement", () => {
    const [apart, stopped] = [of("partition"), of("balancer-stopped")];
    expect(apart?.noService).toEqual({ low: 0, high: 0 });
    // Two a second for four seconds, one at the beginning and one at the end.
    expect(apart?.lost.get).toEqual({ low: 0, high: 10 * (stopped?.lost.get.high ?? 0) });
    const keepalived = render(plan)[0]?.files.find(({ path }) => path === "keepalived.conf")?.content;
    expect(keepalived).toContain("vrrp_garp_master_refresh 1\n");
  });

  it("cost more the longer it lasts", () => {
    const long = forecast(plan, { ...load, split: 60_000 }).find(({ id }) => id === "partition");
    expect(long?.title).toBe("the balancers lose each other for 60 s");
    expect(long?.lost.post.high).toBeGreaterThan(10 * (of("partition")?.lost.post.high ?? 0));
  });
});

describe("a cold standby", () => {
  it("is no one's wait: the hot one serves meanwhile", () => {
    const { id: _, title, ...cost } = of("cold-started") ?? { id: "cold-started", title: "" };
    expect(title).toContain("cold standby");
    expect(cost).toMatchObject({
      lost: of("all-active-lost")?.lost,
      noService: of("all-active-lost")?.noService,
    });
    const alone = { ...developmentStack, pools: { web: { active: 3, standby: { cold: 1 } } } };
    expect(of("cold-started", alone)).toBeUndefined();
  });
});
