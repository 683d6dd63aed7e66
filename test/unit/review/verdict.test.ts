import { describe, expect, test } from "vitest";
import type { Review } from "../../../components/review/types.ts";
import { isAtLeast, verdictOf, verdicts, worstOf } from "../../../components/review/verdict.ts";

type Parts = Parameters<typeof verdictOf>[0];

/** Only what a verdict looks at; the rest of a review plays no part. */
const parts = (some: object = {}): Parts =>
  ({ failures: [], risks: [], change: null, engine: null, ...some }) as Parts;
const change = (kind: string, ...actions: string[]) => ({
  kind,
  machines: actions.map((action) => ({ action })),
});
const engine = (...kinds: string[]) => ({
  steps: kinds.map((kind) => ({ kind })),
  policies: [],
  drift: null,
});
const danger = { severity: "danger", acknowledged: null };
const failures: Review["failures"] = [{ phase: "base", message: "no" }];

describe("the verdict", () => {
  test.each<[string, object, string]>([
    ["nothing known", {}, "unchanged"],
    ["an unchanged plan", { change: change("unchanged") }, "unchanged"],
    ["files only", { change: change("changed", "updated") }, "changed"],
    ["a new stack", { change: change("added", "added") }, "changed"],
    ["a removed machine", { change: change("changed", "added", "removed") }, "destructive"],
    ["a replaced machine", { change: change("changed", "replaced") }, "destructive"],
    ["a removed stack without a machine", { change: change("removed") }, "destructive"],
    ["the engine only reads", { change: change("unchanged"), engine: engine("read") }, "unchanged"],
    ["the engine makes", { change: change("unchanged"), engine: engine("create") }, "changed"],
    ["a step that nobody knows", { engine: engine("other") }, "changed"],
    ["the engine deletes", { engine: engine("create", "delete") }, "destructive"],
    ["the engine replaces", { engine: engine("replace") }, "destructive"],
    ["drift that nobody looked for", { engine: engine() }, "unchanged"],
    ["no drift", { engine: { ...engine(), drift: [] } }, "unchanged"],
    ["drift before deletions", { engine: { ...engine("delete"), drift: [{}] } }, "drift"],
    ["a danger before drift", { engine: { ...engine(), drift: [{}] }, risks: [danger] }, "violated"],
    ["an acknowledged danger", { risks: [{ ...danger, acknowledged: "planned" }] }, "unchanged"],
    ["a warning", { risks: [{ severity: "warning", acknowledged: null }] }, "unchanged"],
    [
      "a policy that forbids",
      { engine: { ...engine("create"), policies: [{ level: "mandatory" }] } },
      "violated",
    ],
    [
      "a policy that advises",
      { engine: { ...engine("create"), policies: [{ level: "advisory" }] } },
      "changed",
    ],
    ["a failure before all", { failures, risks: [danger] }, "failed"],
  ])("of %s is right", (_, some, verdict) => {
    expect(verdictOf(parts(some))).toBe(verdict);
  });

  test("of several is the worst; none is unchanged", () => {
    for (const verdict of verdicts) expect(worstOf(["unchanged", verdict, "unchanged"])).toBe(verdict);
    expect(worstOf(["violated", "drift"])).toBe("violated");
    expect(worstOf([])).toBe("unchanged");
  });

  test("is as bad as a limit from that limit on", () => {
    const bad = verdicts.filter((verdict) => isAtLeast(verdict, "drift"));
    expect(bad).toEqual(["drift", "violated", "failed"]);
  });
});
