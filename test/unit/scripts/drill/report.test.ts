import { describe, expect, it } from "vitest";
import { check } from "../../../../scripts/drill/check.ts";
import { type Report, renderJson, reportSchema } from "../../../../scripts/drill/report/document.ts";
import { renderMarkdown } from "../../../../scripts/drill/report/markdown.ts";
import { renderTimeline } from "../../../../scripts/drill/report/svg.ts";
import { renderTerminal } from "../../../../scripts/drill/report/terminal.ts";
import { verdict } from "../../../../scripts/drill/verdict.ts";
import { figure, rangeText } from "../../../../scripts/text.ts";
import { unbalanced } from "../../../support/read-markdown.ts";
import { context, operation, recording } from "./support.ts";

const recorded = recording({
  operations: [
    operation({ id: "a", due: 100, latency: 20 }),
    operation({ id: "b", due: 1100, latency: 1030 }),
    operation({ id: "c", due: 1200, stream: "post", outcome: "504", latency: 1001 }),
  ],
  holders: [
    { balancer: "lb-1", at: 0, holds: true },
    { balancer: "lb-1", at: 1010, holds: false },
    { balancer: "lb-2", at: 1300, holds: true },
  ],
});
const figures = check(recorded, context);
const limits = [
  { measure: "lost.get" as const, most: 0, why: "a GET is sent to the next node" },
  { measure: "worst" as const, most: 1000, why: "one | try" },
];

const report: Report = {
  schema: reportSchema,
  stack: "dev",
  cluster: "dev",
  startedAt: "2026-01-02T03:04:05.000Z",
  seconds: 61.4,
  machine: { cores: 2, loadAverage: 1.25, engine: "Docker 20.10.24" },
  verdict: "failed",
  drills: [
    {
      id: "node-frozen",
      title: "a node is frozen",
      verdict: verdict(figures, limits),
      rate: 200,
      basis: "node-frozen",
      seconds: 6,
      figures,
      compared: [
        {
          figure: "lost POST",
          unit: "requests",
          forecast: { low: 1.2, high: 3.4 },
          measured: 1,
          agrees: true,
        },
        { figure: "worst wait", unit: "ms", forecast: { low: 20, high: 270 }, measured: 1030, agrees: false },
      ],
    },
    {
      id: "rolled",
      title: "a new image for all nodes",
      verdict: { kind: "not run", reason: "not built yet" },
      rate: null,
      basis: "rolled",
      seconds: 0,
      figures: null,
      compared: [],
    },
  ],
};

it("is written for people, exactly so", () => {
  expect(
    renderMarkdown(report, new Map([["node-frozen", "node-frozen.svg"]])),
  ).toBe(`# Drills of \`dev\`: failed

2026-01-02T03:04:05.000Z, 61 s, on 2 cores (load 1.3), Docker 20.10.24.

| drill | verdict | GET lost | POST lost | idempotent lost | POST twice | worst | noticed | well again | address gap |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| a node is frozen | failed | 0 of 2 | 1 of 1 | 0 of 0 | 0 | 1.03 s | – | 400 ms | – |
| a new image for all nodes | not run | – | – | – | – | – | – | – | – |

## a node is frozen: failed

![timeline](node-frozen.svg)

> the address moved once though nothing was done to its holder: it got no processor for longer than three adverts

| figure | limit | measured | kept | because |
| --- | --- | --- | --- | --- |
| GET lost | at most 0 | 0 | yes | a GET is sent to the next node |
| worst wait | at most 1.00 s | 1.03 s | **no** | one \\| try |

| forecast from the timers | forecast | measured | agrees |
| --- | --- | --- | --- |
| lost POST | 1–4 | 1 | yes |
| worst wait | 20 ms – 270 ms | 1.03 s | **no** |

| requests | sent | lost | by kind | done twice | done, but reported as failed | p50 | p99 | worst |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| get | 2 | 0 | – | 0 | 0 | 20 ms | 1.03 s | 1.03 s |
| post | 1 | 1 | 1 504 | 0 | 0 | 0 ms | 0 ms | 0 ms |
| idempotent | 0 | 0 | – | 0 | 0 | 0 ms | 0 ms | 0 ms |

Holder of the address: lb-1 0.00–1.01 s, lb-2 1.30–6.00 s.

## a new image for all nodes: not run

not built yet.
`);
});

it("tells on a screen what was not kept and what was not run", () => {
  const text = renderTerminal(report);
  expect(text).toContain("node-frozen: worst wait 1.03 s, at most 1.00 s (one | try)");
  expect(text).toContain("node-frozen: worst wait was forecast as 20 ms – 270 ms, measured 1.03 s");
  expect(text).toContain("rolled: not run, not built yet");
});

it("is one JSON document", () => {
  expect(JSON.parse(renderJson(report))).toEqual(report);
});

describe("the timeline", () => {
  const svg = renderTimeline(recorded, figures, {
    title: 'a <node> & "co"',
    verdict: "failed",
    balancers: ["lb-1", "lb-2"],
  });

  it("is well-formed", () => {
    expect(unbalanced(svg)).toEqual([]);
    expect(svg).toContain("a &lt;node&gt; &amp; &quot;co&quot;");
    expect(svg.replaceAll(/&(amp|lt|gt|quot);/g, "")).not.toContain("&");
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("stands alone: no script, no font, nothing to load", () => {
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(
      /https?:|href|<script|<style|@import|url\(/,
    );
  });

  it("has a dot for each answer, a cross for each failure, a bar for each holder, and the fault", () => {
    expect(svg.match(/M[\d.]+ [\d.]+h0/g)).toHaveLength(2);
    expect(svg.match(/l6 6m0-6l-6 6/g)).toHaveLength(1);
    expect(svg.match(/has the address<\/title>/g)).toHaveLength(2);
    expect(svg).toContain("fault: web-2");
    expect(svg).toContain("healed");
  });

  it("keeps what is off the scale inside the picture", () => {
    const far = recording({
      operations: [
        operation({ id: "a", due: -50, latency: 0 }),
        operation({ id: "b", due: 9e9, latency: 9e9 }),
      ],
    });
    expect(renderTimeline(far, figures, { title: "t", verdict: "passed", balancers: [] })).not.toMatch(
      /NaN|-\d+\.?\d*h0/,
    );
  });
});

it("says of a drill without a forecast of its own whose its limits are, and of one without any", () => {
  const drills = (basis: string | null) =>
    report.drills.slice(0, 1).map((drill) => ({ ...drill, id: "freezes50", basis, compared: [] }));
  const written = (basis: string | null) => renderMarkdown({ ...report, drills: drills(basis) }, new Map());
  expect(written("node-frozen")).toContain(
    "It has no forecast of its own: the limits that depend on timers are those of `node-frozen`.",
  );
  expect(written(null)).toContain("It has no forecast.");
  expect(renderTerminal({ ...report, drills: drills("node-frozen") })).toContain(
    "none, limits of node-frozen",
  );
});

describe("figures in words", () => {
  it("are short", () => {
    expect([null, 0, 12.4, 1234].map((value) => figure(value, "ms"))).toEqual([
      "–",
      "0 ms",
      "12 ms",
      "1.23 s",
    ]);
    expect([null, 0, 3].map((value) => figure(value, ""))).toEqual(["–", "0", "3"]);
    expect(rangeText({ low: 0, high: 0 }, "requests")).toBe("0");
    expect(rangeText({ low: 1000, high: 1020 }, "ms")).toBe("1.00 s – 1.02 s");
  });
});
