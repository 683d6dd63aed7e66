import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { StackInput } from "../../../components/model/spec.ts";
import { compare } from "../../../components/review/compare/index.ts";
import { type PlanDocument, readPlanDocument } from "../../../components/review/document.ts";
import { documentOf } from "../../support/plan-documents.ts";
import { recordedStacks } from "../../support/recorded-plans.ts";
import { dev } from "./compare/told.ts";

const base = dev();
/** What `plan --json` prints. */
const printed = () =>
  JSON.parse(JSON.stringify(base)) as Record<string, unknown> & { plan: Record<string, unknown> };

/** Without a field at a path, e.g. `plan.tier.httpPort`. */
function without(path: string): unknown {
  const document = printed();
  const names = path.split(".");
  const last = names.pop() ?? "";
  const parent = names.reduce<Record<string, unknown>>(
    (value, name) => value[name] as Record<string, unknown>,
    document,
  );
  delete parent[last];
  return document;
}

describe("a plan document", () => {
  it("is read as it was printed", () => {
    expect(readPlanDocument(printed())).toEqual(base);
  });

  it("of a newer revision may have fields that this one doesn't know", () => {
    const newer = { ...printed(), more: 1, plan: { ...printed().plan, more: { deep: true } } };
    expect(compare(readPlanDocument(newer), base).kind).toBe("unchanged");
  });

  it.each([
    "acknowledged",
    "forecast",
    "plan.warnings",
    "plan.groups",
    "plan.protect",
    "plan.rollout",
    "plan.door",
    "plan.wardens",
    "plan.filter",
    "plan.tier.trustedProxies",
    "plan.nodes.0.environment",
  ])("of an older revision may lack %s, and is compared", (path) => {
    const older = readPlanDocument(without(path));
    expect(() => compare(older, base)).not.toThrow();
    expect(() => compare(base, older)).not.toThrow();
  });

  it("of a revision without fingerprints replaces nodes by their fields", () => {
    const document = printed();
    for (const node of document.plan.nodes as Record<string, unknown>[]) {
      delete node.fingerprint;
      delete node.generation;
    }
    const older = readPlanDocument(document);
    expect(compare(older, base).machines).toEqual([]);
    const larger = dev({ pools: { web: { active: 3, standby: { hot: 1, cold: 1 }, memory: "256 MB" } } });
    expect(compare(older, larger).machines.map(({ key, action }) => `${key} ${action}`)).toEqual(
      ["web-1", "web-2", "web-3", "web-hot-1", "web-cold-1"].map((key) => `${key} replaced`),
    );
  });

  it.each([
    ["stack", without("stack")],
    ["plan", without("plan")],
    ["plan.nodes", without("plan.nodes")],
    ["plan.nodes.0.pool", without("plan.nodes.0.pool")],
    ["plan.network.subnet", without("plan.network.subnet")],
    ["plan.pools.0.health", without("plan.pools.0.health")],
    ["machines", without("machines")],
    ["machines.0.files.0.path", without("machines.0.files.0.path")],
  ])("without %s is refused by that name, with the way out", (path, document) => {
    expect(() => readPlanDocument(document)).toThrow(
      `the plan document's field "${path}" is missing; print it with \`./hotspare plan <stack> --json\`, in a revision that has all of it`,
    );
  });

  it.each([
    ["schema", { ...printed(), schema: "hotspare.plan-document/2" }, "hotspare.plan-document/2"],
    [
      "plan.schema",
      { ...printed(), plan: { ...printed().plan, schema: "hotspare.plan/9" } },
      "hotspare.plan/9",
    ],
  ])("of another version in %s is refused with both versions", (path, document, version) => {
    expect(() => readPlanDocument(document)).toThrow(
      new RegExp(
        `field "${path}" is "${version}", and this revision reads "hotspare.plan[^"]*" only; review with`,
      ),
    );
  });

  it.each(Object.entries(recordedStacks))("of version 1 says the same as today's: %s", (name, stack) => {
    const file = join(import.meta.dirname, "../../fixtures/plan-documents/plan-1", `${name}.json`);
    // Machines' release of Debian has changed since; all else is as it was.
    const text = readFileSync(file, "utf8").replaceAll("/debian/release/12/", "/debian/release/13/");
    const recorded = JSON.parse(text);
    expect(recorded.plan.schema).toBe("hotspare.plan/1");
    const today = { ...documentOf(asThen(stack)), machines: [] };
    const older = readPlanDocument(asksAlike(recorded, today));
    expect(older.plan.platform.kind).toBe(today.plan.platform.kind);
    expect(compare(older, today)).toMatchObject({ kind: "unchanged", machines: [], settings: [] });
    expect(compare(older, today).machinesUnchanged).toBe(compare(today, today).machinesUnchanged);
    // And not because nothing of it is compared.
    expect(
      compare(older, documentOf({ ...asThen(stack), name: "other" } as StackInput)).machines.length,
    ).toBeGreaterThan(0);
  });

  it.each([null, 1, "text", [], undefined])("that is none (%j) is refused", (nothing) => {
    expect(() => readPlanDocument(nothing)).toThrow(/^the plan document/);
  });
});

type Recorded = { readonly plan: { readonly aws?: Record<string, Record<string, unknown>> } };

/** Groups on AWS ask for life apart from readiness since, with an alarm more: of that as today. */
function asksAlike<T extends Recorded>(recorded: T, { plan: { platform } }: PlanDocument): T {
  const { aws } = recorded.plan;
  if (aws === undefined || platform.kind !== "aws") return recorded;
  const { front, monitoring, cost } = platform;
  const asked = { ...aws.front, checks: front.checks };
  const watched = { ...aws.monitoring, alarms: monitoring.alarms };
  return {
    ...recorded,
    plan: { ...recorded.plan, aws: { ...aws, front: asked, monitoring: watched, cost } },
  };
}

it("a plan of a revision whose groups asked the health path says so beside today's", () => {
  const file = join(import.meta.dirname, "../../fixtures/plan-documents/plan-1/aws.json");
  const older = readPlanDocument(JSON.parse(readFileSync(file, "utf8")));
  const { settings } = compare(older, documentOf(asThen(recordedStacks.aws ?? {})));
  expect(settings).toContainEqual({
    path: "aws.live.web",
    before: "its health path",
    after: "a connection",
  });
});

/** With the patience that all routes had by default when the documents were recorded. */
function asThen(stack: object): StackInput {
  const { pools, routes = [] } = stack as StackInput;
  const [pool = ""] = Object.keys(pools);
  const all: NonNullable<StackInput["routes"]> = routes.some(({ path }) => path === "/")
    ? routes
    : [...routes, { path: "/", pool }];
  const then = all.map((route) => ({
    ...route,
    readTimeout: route.readTimeout ?? "1 s",
    patience: route.readTimeout ?? "1 s",
  }));
  return { ...stack, routes: then } as StackInput;
}
