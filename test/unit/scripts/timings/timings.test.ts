import { expect, test } from "vitest";
import { timingsHtml } from "../../../../scripts/timings/html.ts";
import { clock, measure, placed, spans } from "../../../../scripts/timings/spans.ts";
import { timingsText } from "../../../../scripts/timings/text.ts";

const sorted = [
  { name: "whole", start: 0, end: 1000 },
  { name: "first", start: 0, end: 400 },
  { name: "inside", start: 100, end: 300 },
  { name: "second", start: 400, end: 900 },
  { name: "beside", start: 500, end: 950 },
];

test("what lies in something else is told apart from what stands beside it", () => {
  expect(placed(sorted).map(({ name, depth }) => [name, depth])).toEqual([
    ["whole", 0],
    ["first", 1],
    ["inside", 2],
    ["second", 1],
    ["beside", 1],
  ]);
});

test("the text has a line for each, with a bar where it was", () => {
  const lines = timingsText(sorted, 1000).split("\n");
  expect(lines).toHaveLength(7);
  expect(lines[3]).toBe(`  0.10s    0.20s  ${" ".repeat(3)}${"█".repeat(7)}${" ".repeat(22)}      inside`);
  expect(lines.at(-1)).toContain("1.00s  in all");
});

test("the picture lets nothing lie on anything else, and takes no name for markup", () => {
  const html = timingsHtml("<up>", [...sorted, { name: '<img src="x">', start: 960, end: 990 }], 1000);
  expect(html).not.toContain("<img");
  expect(html).toContain("&lt;up&gt;");
  const boxes = [...html.matchAll(/left:([\d.]+)%;width:([\d.]+)%;top:(\d+)px/g)].map(
    ([, left, width, top]) => ({
      from: Number(left),
      to: Number(left) + Number(width),
      top: Number(top),
    }),
  );
  expect(boxes).toHaveLength(6);
  for (const [index, box] of boxes.entries())
    for (const other of boxes.slice(index + 1))
      expect(box.top !== other.top || box.to <= other.from || other.to <= box.from).toBe(true);
});

test("measures of this process are found again, and those of others are not", () => {
  performance.measure("somebody else's", { start: 0, end: 1 });
  const start = clock();
  measure("ours", start);
  expect(spans().map(({ name }) => name)).toEqual(["ours"]);
  expect(spans()[0]?.start).toBe(start);
});
