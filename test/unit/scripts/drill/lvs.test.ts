import { describe, expect, it } from "vitest";
import { givenUpAfter } from "../../../../components/plan/tiers/lvs/node-faults.ts";
import { compare } from "../../../../scripts/drill/agree.ts";
import { catalog } from "../../../../scripts/drill/catalog.ts";
import { check } from "../../../../scripts/drill/check.ts";
import { reasonNotToRun } from "../../../../scripts/drill/runnable.ts";
import { drilledPool, streamsOf } from "../../../../scripts/drill/streams.ts";
import { tierDrills } from "../../../../scripts/drill/tiers/select.ts";
import { type Fitted, fitted } from "../../../../scripts/drill/times.ts";
import { faults } from "../../../../scripts/platforms/docker/faults.ts";
import { planAny } from "../../../support/plan-any.ts";
import { context, recording } from "./support.ts";

/** Drills behind directors: the same load by TCP, limits by what a layer 4 can do. */

const stack = (service: object = {}, db: object = {}) => ({
  name: "lvs",
  environment: "development",
  platform: { kind: "docker" },
  balancer: {
    kind: "lvs",
    services: [
      { port: 53, protocol: "udp", pool: "dns" },
      { port: 5432, pool: "db", ...service },
    ],
  },
  pools: { db: { port: 5432, active: 3, standby: { hot: 1 }, ...db }, dns: { port: 53, active: 1 } },
});
const drill = (id: string) => {
  const found = catalog.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no drill ${id}`);
  return found;
};
const on = (id: string, input = stack()): Fitted => {
  const plan = planAny(input);
  const found = fitted(drill(id), plan, drilledPool(plan));
  if (found === null) throw new Error(`the timers say nothing of ${id}`);
  return found;
};
const most = ({ limits }: Fitted, measure: string) => limits.find((limit) => limit.measure === measure)?.most;

describe("behind directors", () => {
  it("the load goes to the first service by TCP, and nothing of it may be sent twice", () => {
    const plan = planAny(stack());
    expect(plan.nodes.find(({ pool }) => pool === drilledPool(plan))?.port).toBe(5432);
    expect(plan.tier.httpPort).toBe(5432);
    expect(streamsOf(plan, drilledPool(plan)).map(({ name }) => name)).toEqual([
      "get",
      "get-new",
      "post",
      "post-new",
    ]);
  });

  it("a killed node costs what comes until its checks have failed, and half as much for the machine", () => {
    const killed = on("node-killed");
    const { get, post } = killed.facts.forecast.lost;
    expect(get.high).toBeGreaterThan(20);
    expect(most(killed, "lost.get")).toBe(Math.ceil(get.high * 1.5));
    expect(most(killed, "lost.post.beyondInFlight")).toBe(Math.ceil(post.high * 1.5));
  });

  it("errors of a node may last until the kernel gives its connections up, and the drill waits for that", () => {
    const failing = on("node-errors");
    expect(most(failing, "failing")).toBe(400 + givenUpAfter + 250);
    expect(failing.times.hold).toBeGreaterThan(400 + givenUpAfter);
  });

  it("a switch ends none of 500 open connections, whatever the scheduler", () => {
    for (const scheduler of ["mh", "rr", "wlc"]) {
      const switched = on("director-switched", stack({ scheduler }));
      expect(most(switched, "kept.ended")).toBe(0);
      expect(switched.limits.find(({ measure }) => measure === "kept")?.least).toBe(500);
    }
  });

  it("the connections that ended are counted", () => {
    const kept = { opened: 500, ended: ["ECONNRESET", "silent"] };
    const figures = check(recording({ kept }), context);
    expect(figures.measures).toMatchObject({ kept: 500, "kept.ended": 2 });
    expect(compare(on("director-switched").facts.forecast, figures).map(({ figure }) => figure)).toContain(
      "no service",
    );
  });

  it("a drill is not run where no service goes by TCP", () => {
    const plan = planAny(stack({ protocol: "udp" }));
    const circumstances = { pool: drilledPool(plan), fitted: null, faults };
    expect(reasonNotToRun(drill("node-killed"), plan, circumstances)).toContain("no service by TCP");
  });

  it("a drill of nginx says that these balancers are of another kind", () => {
    const plan = planAny(stack());
    const circumstances = { pool: drilledPool(plan), fitted: null, faults };
    expect(reasonNotToRun(drill("slow-clients"), plan, circumstances)).toBe(
      "the balancers are of another kind, lvs",
    );
  });

  it("their programs are asked where they live", async () => {
    const { holderCommand, membersCommand, changeCommand } = tierDrills("lvs");
    expect((await holderCommand("10.0.0.9"))[0]).toBe("hotspare-in-guest");
    expect((await membersCommand())[0]).toBe("hotspare-in-guest");
    expect((await changeCommand(1, 10))[0]).toBe("bash");
    expect((await tierDrills("nginx").membersCommand())[0]).toBe("bash");
  });
});
