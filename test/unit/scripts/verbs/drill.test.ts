import { expect, test } from "vitest";
import { mustHaveRun } from "../../../../scripts/verbs/drill.ts";

const report = (...kinds: string[]) =>
  ({
    drills: kinds.map((kind, index) => ({ id: `drill-${index}`, verdict: { kind, reason: "no TLS" } })),
  }) as never;

test("a drill that was asked for by name and did not run is no success", () => {
  expect(() => mustHaveRun(report("passed", "not run"))).toThrow("drill-1 did not run: no TLS");
  expect(() => mustHaveRun(report("passed"))).not.toThrow();
});
