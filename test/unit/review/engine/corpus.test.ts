import { describe, expect, test } from "vitest";
import { reviewEngine } from "../../../../components/review/engine/review.ts";
import { recordedRun, recordedRuns, stepLines } from "../../../support/engine-runs.ts";
import { expectedResults, expectedSteps } from "./expected.ts";

/* Recorded runs of the real engine: what is read from each, against what its program was written to do. */

/** How far an engine comes that is killed differs from recording to recording. */
const killed = "engine-killed";

test("every recording has an expectation, and every expectation a recording", () => {
  expect([...Object.keys(expectedSteps), killed].sort()).toEqual(recordedRuns);
});

describe.each(recordedRuns.filter((name) => name !== killed))("%s", (name) => {
  const review = reviewEngine(recordedRun(name));

  test("does what its program was written to do, and for that reason", () => {
    const steps = stepLines(review);
    expect(steps.toSorted()).toEqual((expectedSteps[name] ?? []).toSorted());
    expect(review.result).toBe(expectedResults[name] ?? "succeeded");
  });

  test("counts each step once", () => {
    const total = Object.values(review.counts).reduce((sum, count) => sum + count, 0);
    expect(total).toBe(review.steps.length);
    for (const { kind } of review.steps) expect(review.counts[kind]).toBeGreaterThan(0);
  });

  test("names a cause in words for every replacement and deletion", () => {
    for (const { kind, causes, name, order } of review.steps) {
      if (kind !== "replace" && kind !== "delete" && kind !== "discard") continue;
      expect(causes).not.toEqual([]);
      for (const { text } of causes) expect(text.startsWith(`${name} `), text).toBe(true);
      expect(order === null, `${name}: ${order}`).toBe(kind !== "replace");
    }
  });
});

test("over all whole recordings, no replacement is without root cause and order", () => {
  const replacements = recordedRuns.flatMap((name) => {
    const { result, steps } = reviewEngine(recordedRun(name));
    return result === "incomplete" ? [] : steps.filter(({ kind }) => kind === "replace");
  });
  expect(replacements.length).toBeGreaterThan(80);
  const untold = replacements.filter(
    ({ order, causes }) =>
      order === null ||
      causes.length === 0 ||
      causes.some(({ kind, from }) => kind === "unknown" || (kind === "cascade" && from === null)),
  );
  expect(untold.map(({ urn }) => urn)).toEqual([]);
});

test("what an engine told before it was killed still stands", () => {
  const { result, steps } = reviewEngine(recordedRun(killed));
  expect(result).toBe("incomplete");
  expect(steps.length).toBeGreaterThan(0);
  for (const step of steps)
    expect(step).toMatchObject({ kind: "replace", order: "create-first", causes: [{ kind: "property" }] });
});

describe("words", () => {
  const texts = (name: string) =>
    Object.fromEntries(
      reviewEngine(recordedRun(name)).steps.map(({ name, causes }) => [name, causes.map(({ text }) => text)]),
    );

  test("the way from a resource to its root is told by name", () => {
    expect(texts("cascade-depth-4")["level-4"]).toEqual([
      "level-4 is replaced because level-0 is replaced (a change of its frail can't be made in place), by way of level-3, level-2, level-1",
    ]);
    expect(texts("cascade-diamond").bottom).toEqual([
      "bottom is replaced because top is replaced (a change of its frail can't be made in place), by way of left",
    ]);
  });

  test.each([
    ["requested-replace", "net", "net is replaced because --replace asks for it"],
    ["requested-taint", "net", "net is replaced because it is marked as tainted (pulumi state taint)"],
    [
      "own-added-and-removed",
      "net",
      "net is replaced because a change of its pinNew and pinOld can't be made in place",
    ],
    ["cascade-from-an-update", "node", "node is replaced because template changes (its size)"],
    ["import-over-another", "node", "node is replaced because another one is imported in its place"],
    ["read-instead-of-own", "node", "node is replaced because the stack only reads it from now on"],
    [
      "own-instead-of-read",
      "node",
      "node is replaced because the stack only read it so far and makes one of its own",
    ],
    [
      "replace-with",
      "node",
      "node is replaced because the program ties it to net: net is replaced (a change of its pinSubnet can't be made in place)",
    ],
    ["stream-ends-after-a-deletion", "net", "net is replaced; the engine's output ends before it tells why"],
  ])("%s", (run, resource, text) => {
    expect(texts(run)[resource]).toEqual([text]);
  });
});
