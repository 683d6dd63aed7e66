import { describe, expect, it } from "vitest";
import { catalog } from "../../../../scripts/drill/catalog.ts";
import { check } from "../../../../scripts/drill/check.ts";
import type { FaultKind } from "../../../../scripts/drill/faults/spec.ts";
import { overall } from "../../../../scripts/drill/report/document.ts";
import { reasonNotToRun } from "../../../../scripts/drill/runnable.ts";
import { drilledPool } from "../../../../scripts/drill/streams.ts";
import { tierHas } from "../../../../scripts/drill/tiers/select.ts";
import { fitted } from "../../../../scripts/drill/times.ts";
import { type Verdict, verdict } from "../../../../scripts/drill/verdict.ts";
import { faults } from "../../../../scripts/platforms/docker/faults.ts";
import { planAny } from "../../../support/plan-any.ts";
import { developmentStack, forwardedStack, layeredStack } from "../../../support/plans.ts";
import { context, operation, recording } from "./support.ts";

const figures = check(recording({ operations: [operation({ id: "a", latency: 30 })] }), context);
const limit = (most: number) => ({ measure: "worst" as const, most, why: "because" });

describe("a verdict", () => {
  it("passes at the limit and fails above it", () => {
    expect(verdict(figures, [limit(30)]).kind).toBe("passed");
    expect(verdict(figures, [limit(29)]).kind).toBe("failed");
  });

  it("takes a figure that is missing for a failure", () => {
    const judged = verdict(figures, [{ measure: "gap", most: 400, why: "because" }]);
    expect(judged).toMatchObject({ kind: "failed", checked: [{ measured: null, kept: false }] });
  });

  it("fails where the fault did not show", () => {
    expect(verdict(figures, [{ measure: "moves", least: 1, why: "because" }]).kind).toBe("failed");
  });

  it("fails, with a doubt, when requests are not accounted for or none was sent", () => {
    const broken = check(recording({ operations: [operation({ id: "a" })], sent: 2 }), context);
    expect(verdict(broken, [])).toMatchObject({
      kind: "failed",
      doubts: ["1 of 2 requests are not accounted for"],
    });
    expect(verdict(check(recording(), context), [])).toMatchObject({ kind: "failed" });
  });

  it("says when the machine was too busy for exact figures", () => {
    const late = check(recording({ operations: [operation({ id: "a", late: 80 })] }), context);
    const judged = verdict(late, []);
    expect(judged.kind !== "not run" && judged.doubts[0]).toContain("80 ms late");
  });
});

it("says when the address moved though nobody touched its holder", () => {
  const holders = [
    { balancer: "lb-1", at: 0, holds: true },
    { balancer: "lb-1", at: 900, holds: false },
    { balancer: "lb-2", at: 1000, holds: true },
  ];
  const moved = check(recording({ operations: [operation({ id: "a" })], holders }), context);
  const told = (measure: "worst" | "moves") => {
    const judged = verdict(moved, [{ measure, least: 1, why: "because" }]);
    return judged.kind === "not run" ? [] : judged.doubts;
  };
  expect(told("worst")[0]).toContain("moved once though nothing was done");
  expect(told("moves")).toEqual([]);
});

describe("all verdicts together", () => {
  const report = (...kinds: Verdict["kind"][]) =>
    overall(
      kinds.map((kind) => ({
        id: "x",
        title: "x",
        verdict: kind === "not run" ? { kind, reason: "r" } : { kind, checked: [], doubts: [] },
        rate: null,
        basis: null,
        seconds: 0,
        figures: null,
        compared: [],
      })),
    );

  it("never take what was not run for a pass", () => {
    expect(report("passed", "passed")).toBe("passed");
    expect(report("passed", "not run")).toBe("incomplete");
    expect(report("failed", "not run")).toBe("failed");
  });
});

describe("the catalog", () => {
  it("gives every drill that can run limits with reasons, and one that shows its fault", () => {
    expect(new Set(catalog.map(({ id }) => id)).size).toBe(catalog.length);
    for (const drill of catalog) {
      const { id } = drill;
      const plan = [developmentStack, forwardedStack, layeredStack]
        .map((stack) => planAny(stack))
        .find((one) => tierHas(one, drill));
      if (plan === undefined) throw new Error(`${id} is no drill of any cluster`);
      const limits = fitted(drill, plan, drilledPool(plan))?.limits ?? [];
      expect(limits.length, id).toBe(drill.limits.length);
      for (const { why, most, least } of limits) {
        expect(why.length, id).toBeGreaterThan(10);
        expect(most ?? least, id).toBeDefined();
      }
      const shows = limits.some(({ measure, least }) => measure === "detect" || least !== undefined);
      expect(shows, id).toBe(true);
    }
  });
});

describe("what can't be run", () => {
  interface Cluster {
    balancers?: number;
    active?: number;
    hot?: number;
    cold?: number;
    warden?: boolean;
    image?: string;
    offered?: ReadonlySet<FaultKind>;
  }

  /** Why a drill can't run on a small cluster of this shape. */
  function able(
    id: string,
    { balancers = 2, active = 3, hot = 1, cold = 1, warden = true, image, offered = faults }: Cluster,
  ): string | null {
    const plan = planAny({
      name: "dev",
      environment: "development",
      platform: { kind: "docker" },
      balancer: { kind: "nginx", count: balancers },
      warden: { enabled: warden },
      pools: {
        web: {
          active,
          standby: { hot, cold },
          ...(image === undefined ? {} : { image: { kind: "reference", reference: image } }),
        },
      },
    } as { readonly pools: object });
    const drill = catalog.find((candidate) => candidate.id === id);
    if (drill === undefined) throw new Error(`no drill ${id}`);
    return reasonNotToRun(drill, plan, { pool: "web", fitted: fitted(drill, plan, "web"), faults: offered });
  }

  it("is told with its reason", () => {
    expect(able("cold-started", { cold: 0 })).toContain("no cold standby");
    expect(able("cold-started", { warden: false })).toContain("no wardens");
    expect(able("balancer-killed", { balancers: 1 })).toContain("one balancer");
    expect(able("all-active-lost", { hot: 0 })).toContain("no hot standby");
    expect(able("node-killed", { active: 1 })).toContain("one active node");
    expect(able("node-killed", { image: "ghcr.io/acme/api:1" })).toContain("an image of your own");
    expect(able("balancer-frozen", { offered: new Set(["kill"]) })).toContain("offers no such fault");
    expect(able("node-killed", { offered: new Set(["kill"]) })).toBeNull();
    expect(able("node-killed", {})).toBeNull();
    expect(able("balancer-killed", {})).toBeNull();
  });
});
