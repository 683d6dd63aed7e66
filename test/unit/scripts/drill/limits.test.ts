import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressGap } from "../../../../components/plan/forecast-tier.ts";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { compare } from "../../../../scripts/drill/agree.ts";
import { catalog } from "../../../../scripts/drill/catalog.ts";
import { check } from "../../../../scripts/drill/check.ts";
import { reasonNotToRun } from "../../../../scripts/drill/runnable.ts";
import { drilledPool } from "../../../../scripts/drill/streams.ts";
import { tierHas } from "../../../../scripts/drill/tiers/select.ts";
import { type Fitted, fitted } from "../../../../scripts/drill/times.ts";
import { faults } from "../../../../scripts/platforms/docker/faults.ts";
import { stacks } from "../../../../stacks/index.ts";
import { planAny } from "../../../support/plan-any.ts";
import { randomStack } from "../../../support/random-stacks.ts";
import { context, operation, recording } from "./support.ts";

const dev = (await stacks.dev()).default as {
  readonly pools: { readonly web: object };
  readonly routes: readonly object[];
};

/** Every drill of a plan's balancers, by its id; null where its timers say nothing of the fault. */
const fit = (plan: ClusterPlan) =>
  new Map(
    catalog
      .filter((drill) => tierHas(plan, drill))
      .map((drill) => [drill.id, fitted(drill, plan, drilledPool(plan))]),
  );
const on = (changes: object, id: string): Fitted => {
  const found = fit(planAny({ ...dev, ...changes })).get(id);
  if (!found) throw new Error(`the timers say nothing of ${id}`);
  return found;
};
const bounds = ({ limits }: Fitted) =>
  Object.fromEntries(limits.map(({ measure, most, least }) => [measure, most ?? least]));
const failover = (advertise: string) => ({ balancer: { kind: "nginx", failover: { advertise } } });
const web = (changes: object) => ({ pools: { web: { ...dev.pools.web, ...changes } } });
const routes = (changes: object) => ({
  routes: dev.routes.map((route) => ({ ...route, ...changes })),
});

describe("limits of the stack that the kit brings", () => {
  it("stand where they stood, or below", () => {
    const limits = [...fit(planAny(dev))].flatMap(([id, found]) =>
      (found?.limits ?? []).flatMap(({ measure, most, expected }) =>
        expected === undefined ? [] : [`${id} ${measure} ${most}`],
      ),
    );
    const silent = (id: string) => [
      `${id} detect 1550`,
      `${id} failing 800`,
      `${id} worst 1300`,
      `${id} recover 1750`,
    ];
    const dead = (id: string) => [`${id} detect 1250`, `${id} worst 1300`, `${id} recover 1750`];
    expect(limits).toEqual([
      ...dead("node-killed"),
      ...silent("node-frozen"),
      ...["detect 1400", "failing 650", "recover 1750"].map((limit) => `node-errors ${limit}`),
      ...silent("node-slow"),
      ...silent("node-unplugged"),
      ...silent("node-power-cut"),
      ...dead("node-crashed"),
      "starved detect 3000",
      "all-active-lost detect 1250",
      "all-active-lost standby 400",
      "cold-started detect 1250",
      "cold-started cold 3000",
      "balancer-killed gap 400",
      "balancer-frozen gap 400",
      "balancer-frozen gap.heal 500",
      "balancer-power-cut gap 400",
      "balancer-stopped gap 120",
      "nginx-dead gap 120",
      "keepalived-dead gap 400",
      "partition gap.heal 500",
      "partition split.after 1000",
      "kills50 detect 1250",
      "moves50 gap.p99 400",
      "deaths50 gap.p99 120",
    ]);
  });

  it("leave every drill as long as the catalog says", () => {
    for (const [id, found] of fit(planAny(dev))) {
      const { drill, times, fault } = found ?? on({}, id);
      expect({ hold: times.hold, settle: times.settle, fault }, id).toEqual({
        hold: drill.hold,
        settle: drill.settle,
        fault: drill.fault,
      });
      expect(times.patience, id).toBe(3000);
    }
  });
});

describe("limits of other timers", () => {
  it("let the address take what its adverts say", () => {
    const plan = planAny({ ...dev, ...failover("200 ms") });
    const { silent, goodbye } = addressGap(plan.balancers, 200);
    const killed = on(failover("200 ms"), "balancer-killed");
    expect(silent.high).toBeCloseTo(690.6, 1);
    expect(bounds(killed).gap).toBe(740);
    expect(killed.limits.find(({ measure }) => measure === "gap")?.why).toBe(
      "three missed adverts of 200 ms and the skew, and the time to notice: 691 ms by the timers, 55 ms for the machine",
    );
    expect(bounds(on(failover("200 ms"), "nginx-dead")).gap).toBe(Math.floor((goodbye.high + 45) / 10) * 10);
    expect(bounds(on(failover("200 ms"), "moves50"))["gap.p99"]).toBe(740);
    expect(bounds(on(failover("200 ms"), "partition"))).toMatchObject({
      "gap.heal": 600,
      "split.after": 1100,
    });
  });

  it("hold a fault until the timers are over, and watch its end as long", () => {
    const slow = on(failover("2 s"), "balancer-killed");
    expect(slow.times.hold).toBeGreaterThan(slow.facts.forecast.noService.high);
    expect(slow.times.settle).toBe(2400);
    // Both have the address only after the second has missed the adverts.
    expect(on(failover("2 s"), "partition").times.hold).toBeGreaterThan(2000 + 6000);
    const checks = on(web({ health: { interval: "5 s", timeout: "1 s", fall: 3 } }), "node-frozen");
    expect(bounds(checks)).toMatchObject({ detect: 17_000, failing: 16_250, recover: 17_200 });
    expect(checks.times.hold).toBe(16_500);
  });

  it("let clients wait as long as the routes do, and make a slow node slower than that", () => {
    const patient = on(routes({ patience: "3 s" }), "node-slow");
    expect(bounds(patient).worst).toBe(3300);
    expect(patient.times.patience).toBe(3520);
    expect(patient.times.hold).toBeGreaterThanOrEqual(4520);
    expect(patient.fault).toMatchObject({ kind: "slow", milliseconds: 6040 });
  });

  it("count the wardens' and the checks' times for standbys", () => {
    const late = { ...web({ health: { rise: 5 } }), warden: { coldAfter: "3 s" } };
    expect(bounds(on(late, "cold-started")).cold).toBe(3000 + 2500 + 600);
    expect(bounds(on(routes({ connectTimeout: "1 s" }), "all-active-lost")).standby).toBe(1150);
  });

  it("expect losses where the routes try no second node in time", () => {
    expect(bounds(on({}, "node-frozen"))["lost.get"]).toBe(0);
    const [once, short] = [routes({ tries: 1 }), routes({ patience: "5 s" })];
    for (const stack of [once, short]) {
      const { facts, limits } = on(stack, "node-frozen");
      expect(facts.forecast.lost.get.low).toBeGreaterThan(0);
      expect(facts.forecast.lost.idempotent.low).toBeGreaterThan(0);
      expect(limits.find(({ measure }) => measure === "lost.get")?.why).toContain(
        "nobody sends them to a node that is left",
      );
    }
    expect(bounds(on(once, "node-killed"))["lost.post.beyondInFlight"]).toBeGreaterThan(0);
    // A dead node says so sooner than the route stops trying.
    expect(bounds(on(short, "node-killed"))["lost.get"]).toBe(0);
  });

  it("count nodes and balancers of the stack, and not of another", () => {
    expect(bounds(on(web({ active: 5 }), "scaled")).nodes).toBe(6);
    expect(bounds(on(web({ active: 2 }), "rolled")).replaced).toBe(2);
    expect(bounds(on({ balancer: { kind: "nginx", count: 1 } }, "members-changed")).changes).toBe(100);
  });

  it("take a wait for slow that is shorter than usual where the timers are", () => {
    const steady = Array.from({ length: 600 }, (_, index) => operation({ id: `s${index}`, due: index * 10 }));
    const waits = (latency: number) =>
      steady.map((one) => ([1500, 1510, 1520].includes(one.due) ? { ...one, latency } : one));
    const recover = (operations: ReturnType<typeof waits>, shortestWait: number) =>
      check(recording({ operations }), { ...context, shortestWait }).measures.recover;
    expect(recover(waits(150), 250)).toBe(0);
    expect(recover(waits(150), 100)).toBe(600);
    // What is usual, and a little more, is never slow.
    expect(recover(waits(65), 50)).toBe(0);
  });
});

describe("a drill is not run", () => {
  const reason = (changes: object, id: string) => {
    const plan = planAny({ ...dev, ...changes });
    const drill = catalog.find((one) => one.id === id);
    if (drill === undefined) throw new Error(`no drill ${id}`);
    const pool = drilledPool(plan);
    return reasonNotToRun(drill, plan, { pool, fitted: fitted(drill, plan, pool), faults });
  };

  it("where the timers need a fault that nobody would wait for", () => {
    expect(reason(web({ health: { interval: "60 s", fall: 10 } }), "node-frozen")).toContain(
      "must last 601 s, and a drill holds one for 5 min at most",
    );
    expect(reason({}, "node-frozen")).toBeNull();
  });

  it("where the route of its load is not what it judges", () => {
    expect(reason(routes({ idempotent: true }), "node-killed")).toContain("declared idempotent");
    expect(reason(routes({ streaming: true, idempotent: false }), "node-killed")).toContain("for streams");
    expect(reason(routes({ rateLimit: { perSecond: 50, burst: 10 } }), "node-killed")).toContain(
      "lets 50 requests a second",
    );
  });
});

describe("over any stack", () => {
  /** What of a drill's limits a forecast speaks of. */
  const figure = { "no service": ["gap", "gap.p99"], detect: ["detect"], "worst wait": ["worst"] } as const;
  const nothing = check(recording({ operations: [operation({ id: "a" })] }), context);

  it("no forecast is above the limit of its drill, and no fault is over before its timers are", () => {
    let judged = 0;
    fc.assert(
      fc.property(randomStack, (stack) => {
        const plan = planAny(stack);
        for (const [id, found] of fit(plan)) {
          if (found === null || found === undefined) continue;
          const { facts, limits, times, fault } = found;
          for (const { figure: name, forecast } of compare(facts.forecast, nothing)) {
            const measures: readonly string[] =
              name in figure
                ? figure[name as keyof typeof figure]
                : name === "lost GET"
                  ? ["lost.get", "lost.all"]
                  : name === "lost idempotent POST"
                    ? ["lost.idempotent", "lost.all"]
                    : [];
            for (const { measure, most } of limits.filter((limit) => measures.includes(limit.measure))) {
              judged += 1;
              expect(most, `${id} ${measure}`).toBeGreaterThanOrEqual(forecast.high);
            }
          }
          for (const { measure, most = 0, expected = 0 } of limits) {
            expect(most, `${id} ${measure}`).toBeGreaterThanOrEqual(expected);
            if (!measure.startsWith("gap.heal") && !measure.startsWith("split") && measure !== "worst")
              expect(times.hold, `${id} ${measure}`).toBeGreaterThanOrEqual(expected);
          }
          if (fault.kind === "freeze" || fault.kind === "slow" || fault.kind === "disconnect")
            expect(times.hold, id).toBeGreaterThan(times.patience);
        }
      }),
    );
    expect(judged).toBeGreaterThan(1000);
  });
});
