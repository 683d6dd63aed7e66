import { describe, expect, test } from "vitest";
import { sourceHash, standingBy } from "../../../../scripts/history/summary.ts";

const up = (source: string | null, result = "succeeded") => ({ kind: "update", result, source });
const down = { kind: "destroy", result: "succeeded", source: null };

describe("what an up is compared with", () => {
  test.each([
    ["nothing, when nothing was done yet", [], null, "nothing"],
    ["nothing, after a down", [down, up("a")], "a", "nothing"],
    ["what stood, when it was the last", [up("a"), up("b")], "a", "good"],
    ["what stood, when only failures came since", [up("b", "failed"), up("a")], "a", "good"],
    ["unknown, after a down that failed", [{ ...down, result: "failed" }, up("a")], "a", "unknown"],
    ["unknown, when another machine did something since", [up("b"), up("a")], "a", "unknown"],
    ["unknown, after an operation past the kit", [up(null), up("a")], "a", "unknown"],
    ["unknown, when this machine remembers none", [up("a")], null, "unknown"],
    ["unknown, when none ever succeeded", [up("a", "failed")], "a", "unknown"],
  ])("is %s", (_, history, good, expected) => {
    expect(standingBy(history, good)).toBe(expected);
  });

  test("is told apart by the stack and its images, and not by when it stood", () => {
    const source = { input: { name: "dev" }, images: { node: "n:1" } };
    expect(sourceHash({ ...source, at: "2026-01-01" } as typeof source)).toBe(sourceHash(source));
    expect(sourceHash({ ...source, images: { node: "n:2" } })).not.toBe(sourceHash(source));
    expect(sourceHash({ ...source, input: { name: "x" } })).not.toBe(sourceHash(source));
  });
});
