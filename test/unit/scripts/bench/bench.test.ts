import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../../../infra/project-root.ts";
import { machineNow, partDocument } from "../../../../scripts/bench/document.ts";
import { planned } from "../../../../scripts/bench/large.ts";
import { measure } from "../../../../scripts/bench/measure.ts";
import { parts } from "../../../../scripts/bench/parts.ts";
import { plot } from "../../../../scripts/bench/plot.ts";
import { markdown, shown } from "../../../../scripts/bench/print.ts";
import { ratio, spread } from "../../../../scripts/bench/statistics.ts";
import type { Part } from "../../../../scripts/bench/types.ts";

const turns: string[] = [];
let open = 0;

/** The second variant takes twice as long as the first, the third has no value. */
const part: Part = {
  name: "part",
  about: "Something is compared.",
  rounds: 3,
  open: async () => {
    open++;
    return {
      figures: [{ name: "time", unit: "ms" }],
      variants: ["a", "b", "c"].map((name) => ({ name, version: "1" })),
      run: async (variant): Promise<Record<string, number>> => {
        turns.push(variant);
        const round = Math.ceil(turns.length / 3);
        return variant === "c" ? {} : { time: variant === "a" ? round : 2 * round };
      },
      [Symbol.asyncDispose]: async () => {
        open--;
      },
    };
  },
};

test("the middle and the quarters, between two values in proportion", () => {
  expect(spread([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1.75, high: 3.25 });
  expect(spread([7])).toEqual({ median: 7, low: 7, high: 7 });
  expect(spread([])).toBeNull();
});

test("a ratio is of the values of one round, so what slows a whole round changes nothing", () => {
  expect(ratio([20, 2, 200], [10, 1, 100])).toEqual({ median: 2, low: 2, high: 2 });
  expect(ratio([20], [])).toBeNull();
});

test("every round runs every variant once and begins with another one; what was made is removed", async () => {
  turns.length = 0;
  const measured = await measure(part, 3, () => undefined);
  expect(turns).toEqual(["a", "b", "c", "b", "c", "a", "c", "a", "b"]);
  expect(measured.values.time).toEqual({ a: [1, 2, 3], b: [2, 4, 6], c: [] });
  expect(open).toBe(0);
});

test("the table compares all with the first, leaves out what has no value, and the plot shows the ratios", async () => {
  turns.length = 0;
  const document = partDocument(await measure(part, 3, () => undefined));
  expect(
    document.tables[0]?.rows.map(({ variant, ratio: compared }) => [variant.name, compared?.median]),
  ).toEqual([
    ["a", undefined],
    ["b", 2],
  ]);
  const whole = {
    schema: "hotspare.bench/1",
    at: "2026-11-30T00:00:00Z",
    machine: machineNow(1),
    parts: [document],
  } as const;
  expect(markdown(whole, () => "part.svg")).toContain("| b, 1 | 4.00 (3.00–5.00) | 2.00 (2.00–2.00) | 3 |");
  expect(plot(document)).toContain("time: b");
  expect(plot({ ...document, tables: [] })).toBeNull();
});

test("numbers have three digits that count", () => {
  expect([0.04567, 1.2345, 12.345, 123.45, 12_345, 0].map(shown)).toEqual([
    "0.046",
    "1.23",
    "12.3",
    "123",
    "12,345",
    "0",
  ]);
});

test("docs/performance.md has a place for each part", () => {
  const page = readFileSync(join(projectRoot, "docs/performance.md"), "utf8");
  for (const { name } of parts) expect(page).toContain(`<!-- bench ${name} -->`);
});

test("10,000 nodes are planned and rendered, and no two have one address", () => {
  const { plan } = planned(10_000);
  expect(new Set(plan.nodes.map(({ address }) => address)).size).toBe(10_000);
});
