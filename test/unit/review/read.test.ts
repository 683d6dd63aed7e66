import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { machineRoles } from "../../../components/plan/roles.ts";
import { readReview } from "../../../components/review/read.ts";
import { json } from "../../../scripts/review/print/json.ts";
import { randomReview } from "../../support/random-reviews.ts";
import { dangerousSteps, engineReview, review, risk, scaled } from "../../support/reviews.ts";

const whole = () =>
  review({ change: scaled, risks: [risk()], engine: engineReview(dangerousSteps), verdict: "destructive" });

describe("a saved review", () => {
  test("is read as it was", () => {
    expect(readReview(JSON.parse(json(whole())))).toEqual(whole());
  });

  test("is read as it was, whatever is in it", () => {
    const named = fc.record({
      any: randomReview,
      stack: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/),
    });
    fc.assert(
      fc.property(named, ({ any, stack }) => {
        const one = { ...any, stack };
        expect(readReview(JSON.parse(json(one)))).toEqual(one);
      }),
    );
  });

  test.each(machineRoles)("is read as it was with a changed %s", (role) => {
    const machines = scaled.machines.map((machine) => ({ ...machine, role }));
    expect(machines).not.toEqual([]);
    const one = review({ change: { ...scaled, machines } });
    expect(readReview(JSON.parse(json(one)))).toEqual(one);
  });

  test("loses what no type knows", () => {
    const extended = { ...whole(), extra: 1, base: { ...whole().base, extra: 1 } };
    expect(readReview(extended)).toEqual(whole());
  });

  test.each([
    ["another version", { schema: "hotspare.review/99" }, "schema"],
    ["a stack that ends the marker", { stack: "x --> <img>" }, "stack"],
    ["an endless name", { stack: "x".repeat(101) }, "stack"],
    ["a verdict of its own", { verdict: "fine" }, "verdict"],
    ["no risks", { risks: undefined }, "risks"],
    ["an odd failure", { failures: [{ phase: "lunch", message: "" }] }, "failures.0.phase"],
    ["a half change", { change: { kind: "changed" } }, "change.sentences"],
    ["a risk that is a text", { risks: ["danger"] }, "risks.0"],
  ])("with %s is refused by the field's name", (_, parts, field) => {
    expect(() => readReview({ ...whole(), ...parts })).toThrow(`${field}: `);
  });

  test.each([null, [], "text", 7, {}])("that is %j is none", (value) => {
    expect(() => readReview(value)).toThrow("no review of schema hotspare.review/2");
  });
});
