import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EngineStep } from "../../../../../components/review/engine/types.ts";
import type { Review } from "../../../../../components/review/types.ts";
import { commentDepth } from "../../../../../scripts/review/print/content/depth.ts";
import { reportOf } from "../../../../../scripts/review/print/content/report.ts";
import { json } from "../../../../../scripts/review/print/json.ts";
import { markdown, marker } from "../../../../../scripts/review/print/markdown/index.ts";
import { randomReview } from "../../../../support/random-reviews.ts";
import { namesIn, readMarkdown, textOf, unbalanced } from "../../../../support/read-markdown.ts";
import {
  clusterChange,
  engineReview,
  manySteps,
  review,
  risk,
  scaled,
  step,
} from "../../../../support/reviews.ts";

/** Between the heading of the dangers and what comes next. */
function dangersOf(html: string): string {
  const [, from = ""] = html.split("<h3>Deleted, replaced, protected</h3>");
  return from.split(/<h3>|<details>/)[0] ?? "";
}

/** Endangered items that the comment doesn't name. */
function unnamed(of: Review, text: string): string[] {
  const names = namesIn(dangersOf(readMarkdown(text)));
  return reportOf(of, commentDepth)
    .endangered.filter(
      ({ component, type, name }) => !names.has(name) && !names.has([...component, type, name].join("/")),
    )
    .map(({ name }) => name);
}

const bytes = (text: string) => Buffer.byteLength(text);

describe("the comment", () => {
  it("of a review that failed doesn't say that there is nothing to do", () => {
    const failures = [{ phase: "preview", message: "the engine ended with code 255" }] as const;
    const of = (parts: Partial<Review>) =>
      markdown(review({ change: null, engine: engineReview([]), ...parts }));
    expect(of({ verdict: "failed", failures })).not.toContain("nothing to do");
    expect(of({ verdict: "failed", engine: engineReview([], { result: "failed" }) })).not.toContain(
      "nothing to do",
    );
    expect(of({ verdict: "unchanged" })).toContain("nothing to do");
  });

  it("begins with what it is found again by, whatever the stack is called", () => {
    expect(markdown(review()).split("\n")[0]).toBe("<!-- hotspare:review:dev -->");
    expect(marker("a-->b")).toBe("<!-- hotspare:review:ab -->");
  });

  it("has the gravest on top and details folded", () => {
    const text = markdown(
      review({
        verdict: "violated",
        change: scaled,
        engine: engineReview([step({ kind: "delete" })]),
        risks: [
          risk(),
          risk({ severity: "warning", code: "risk.keys-move" }),
          risk({ acknowledged: "for a week" }),
        ],
      }),
    );
    const order = [
      "a danger that nobody has acknowledged",
      "1 to delete · machines: 2 updated, 2 added · 1 file differs · 1 danger",
      "> [!CAUTION]",
      "`risk.last-hot-standby-removed`",
      "### Deleted, replaced, protected",
      "risk.keys-move",
      "### What changes",
      "### Before and after",
      "```mermaid",
      "<details><summary>Machines",
      "<details><summary>Files",
      "<details><summary>Engine&#39;s steps",
      "<details><summary>Acknowledged (1)",
      "for a week",
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places.filter((place) => place < 0)).toEqual([]);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("of a failed review says on top what failed, and below what is known", () => {
    const text = markdown(
      review({
        verdict: "failed",
        failures: [{ phase: "base", message: "stacks/dev.ts doesn't load: no such file" }],
        engine: engineReview([step({ kind: "replace", order: "delete-first" })], {
          result: "incomplete",
          diagnostics: [{ severity: "error", urn: null, message: "no plugin" }],
        }),
      }),
    );
    const [top = "", below = ""] = text.split("### Deleted, replaced, protected");
    expect(top).toContain("the review is not complete");
    expect(top).toContain("**The base failed**: stacks/dev.ts doesn't load: no such file");
    expect(top).toContain("ends in the middle");
    expect(top).toContain("**Error**: no plugin");
    expect(below).toContain("web-1");
  });

  it("says which ports a step opens to everybody", () => {
    const opens = [
      { protocol: "tcp", from: 22, to: 22 },
      { protocol: "udp", from: 8000, to: 8010 },
    ];
    const text = markdown(review({ engine: engineReview([step({ opens })]) }));
    expect(text).toContain("**update, opens tcp 22 to everybody, opens udp 8000–8010 to everybody**");
  });

  it("of an unchanged stack is short", () => {
    const text = markdown(
      review({ verdict: "unchanged", change: clusterChange({ kind: "unchanged", machinesUnchanged: 9 }) }),
    );
    expect(text).toContain("Both sides plan the same 9 machines with the same files.");
    expect(text.split("\n").length).toBeLessThan(8);
  });

  it("says so when capacity, cover and forecast stay, and tells only the rows that differ", () => {
    const same = { ...scaled.cover, before: scaled.cover.after };
    const text = markdown(review({ change: clusterChange({ cover: same }) }));
    expect(text).toContain("stay as they are. May be lost: 1 balancer, 5 nodes of web.");
    expect(markdown(review({ change: scaled }))).not.toContain("balancers that may be lost");
  });

  it("tells a fault that only one side knows in one row, and says in the table which side", () => {
    const [first] = scaled.forecasts;
    const known = first?.forecast.after ?? null;
    const only = (before: typeof known, after: typeof known) => {
      const forecasts = [{ id: "zone-lost", title: "a zone is lost", forecast: { before, after } }];
      return markdown(review({ change: clusterChange({ forecasts }) }));
    };
    const row = (text: string) => text.split("\n").filter((line) => line.startsWith("| a zone is lost"));
    expect(row(only(null, known))).toEqual([
      expect.stringMatching(/^\| a zone is lost: requests lost \| not foreseen \| \*\*\d+–\d+\*\* \|$/),
      expect.stringMatching(/^\| a zone is lost – \*\*new\*\* \| 0 ms \|/),
    ]);
    expect(row(only(known, null))[1]).toContain("| a zone is lost – **gone** | 0 ms |");
  });

  it("has a column for the capacity meanwhile where somebody makes it whole", () => {
    const [first] = scaled.forecasts;
    const known = first?.forecast.after;
    if (known == null) throw new Error("the sample has no forecast");
    const capacity = { left: 2 / 3, until: { low: 10_000, high: 58_000 } };
    const after = { ...known, capacity };
    const forecasts = [{ id: known.id, title: known.title, forecast: { before: known, after } }];
    const text = markdown(review({ change: clusterChange({ forecasts }) }));
    expect(text).toContain("capacity meanwhile");
    expect(text).toMatch(/– → \*\*67 % for 10–58 s\*\*/);
    expect(markdown(review({ change: scaled }))).not.toContain("capacity meanwhile");
  });
});

describe("whatever names and messages hold", () => {
  const numRuns = 60;

  it("the structure stands: folds, fences, tables and quotations are closed, nothing is a link, a picture or a script", () => {
    fc.assert(
      fc.property(randomReview, (of) => {
        const text = markdown(of);
        const html = readMarkdown(text);
        const folded = reportOf(of, commentDepth).sections.filter((section) => section.folded);
        expect(unbalanced(html.replace(/<!--.*?-->/s, ""))).toEqual([]);
        expect(html.match(/<details>/g)?.length ?? 0).toBe(folded.length);
        expect(html).not.toMatch(/<(a|img|script|input|h1|h4|h5|h6|sup|del|em|hr|style|main)\b/);
        expect(html.match(/<h2/g)).toHaveLength(1);
        for (const [row] of html.matchAll(/<tr>[\s\S]*?<\/tr>/g))
          expect([3, 6]).toContain(row.match(/<t[hd]/g)?.length);
      }),
      { numRuns },
    );
  });

  it("all that is endangered is named", () => {
    fc.assert(
      fc.property(randomReview, (of) => {
        expect(unnamed(of, markdown(of))).toEqual([]);
      }),
      { numRuns },
    );
  });

  it("it keeps to any limit that has room for its head", () => {
    fc.assert(
      fc.property(randomReview, fc.integer({ min: 4000, max: 20_000 }), (of, limit) => {
        const text = markdown(of, { limit });
        expect(bytes(text)).toBeLessThanOrEqual(limit);
        expect(unbalanced(readMarkdown(text).replace(/<!--.*?-->/s, ""))).toEqual([]);
      }),
      { numRuns },
    );
  });

  it("twice is the same", () => {
    fc.assert(
      fc.property(randomReview, (of) => {
        expect(markdown(structuredClone(of))).toBe(markdown(of));
      }),
      { numRuns: 30 },
    );
  });
});

it("takes 10,000 steps at most 1.3 s of processor, a third of what a whole report may take", () => {
  const of = review({ change: scaled, engine: engineReview(manySteps(10_000)) });
  const before = process.cpuUsage();
  markdown(of);
  json(of);
  const { user } = process.cpuUsage(before);
  expect(user / 1e6).toBeLessThan(1.3);
});

describe("5,000 changed resources", () => {
  const steps = manySteps(5000);

  it("fit, and each that is deleted, replaced or protected is named", () => {
    const of = review({ verdict: "destructive", change: scaled, engine: engineReview(steps) });
    const text = markdown(of);
    expect(bytes(text)).toBeLessThanOrEqual(60_000);
    expect(reportOf(of, commentDepth).endangered.length).toBeGreaterThan(3000);
    expect(unnamed(of, text)).toEqual([]);
    expect(text).toMatch(/is left out here for want of room; the whole report is in the artifact\.\n$/);
    expect(text).toContain("### What changes");
  });

  it("fit with random names of eleven letters and digits too", () => {
    const random = names(5000, 11);
    const of = review({ engine: engineReview(random.map((name) => step({ name, kind: "delete" }))) });
    const text = markdown(of);
    expect(bytes(text)).toBeLessThanOrEqual(60_000);
    expect(unnamed(of, text)).toEqual([]);
  });

  it("with names that no comment can hold: the gravest are named, and it says how many are not", () => {
    const random = names(5000, 40);
    const of = review({
      engine: engineReview(
        random.map((name, index) => step({ name, kind: "delete", protected: index >= 4990 })),
      ),
    });
    const text = markdown(of);
    expect(bytes(text)).toBeLessThanOrEqual(60_000);
    const missing = unnamed(of, text);
    expect(missing.length).toBeGreaterThan(0);
    expect(text).toContain(`**${missing.length} more are not named here:**`);
    expect(missing.filter((name) => random.indexOf(name) >= 4990)).toEqual([]);
  });
});

/** So many different names of random lower-case letters and digits; the same ones each time. */
function names(number: number, length: number): string[] {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  let seed = 1;
  const next = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return letters.charAt((seed >>> 16) % letters.length);
  };
  const found = new Set<string>();
  while (found.size < number) found.add(Array.from({ length }, next).join(""));
  return [...found];
}

it("diffs in it are those of the files, whatever the lines are", () => {
  const lines = [" ```", "-</details>", "+````", " </code></pre>"];
  const file = scaled.files[0];
  if (file === undefined) throw new Error("the example has a file");
  const hunk = { oldStart: 1, oldLines: 3, newStart: 1, newLines: 3, lines };
  const text = markdown(review({ change: clusterChange({ files: [{ ...file, hunks: [hunk] }] }) }));
  const code = /<code class="language-diff">([\s\S]*?)<\/code>/.exec(readMarkdown(text))?.[1] ?? "";
  expect(textOf(code)).toBe(`@@ -1,3 +1,3 @@\n${lines.join("\n")}\n`);
});

it("a change that only replaces, the new ones first, is called a release; one deletion more and it isn't", () => {
  const replaced = ["web-1", "web-2"].map((name) => step({ name, kind: "replace", order: "create-first" }));
  const heading = (steps: readonly EngineStep[]) =>
    reportOf(review({ verdict: "destructive", engine: engineReview(steps) }), commentDepth).heading;
  expect(heading(replaced)).toBe("a release: replaced, the new ones first; nothing is only deleted");
  for (const other of [
    step({ name: "web-3", kind: "delete" }),
    step({ name: "web-3", kind: "replace", order: "delete-first" }),
    step({ name: "web-3", kind: "replace", order: "create-first", holdsData: true }),
    step({ name: "web-3", kind: "replace", order: "create-first", protected: true }),
  ])
    expect(heading([...replaced, other])).toBe("something is deleted or replaced");
});
