import { describe, expect, test } from "vitest";
import { readReview } from "../../../../../components/review/read.ts";
import { wantedComments } from "../../../../../scripts/review/github/bodies.ts";
import { html } from "../../../../../scripts/review/print/html/index.ts";
import { readMarkdown } from "../../../../support/read-markdown.ts";
import { dangerousSteps, engineReview, review, risk, scaled } from "../../../../support/reviews.ts";

/*
 * A report whose every text somebody has written who wants the bot to say something of its own: what passes the reader is printed,
 * and must stay text wherever it stands.
 */

const honest = JSON.parse(
  JSON.stringify(
    review({
      verdict: "destructive",
      change: scaled,
      risks: [risk(), risk({ severity: "warning" }), risk({ severity: "notice", acknowledged: "why" })],
      failures: [{ phase: "base", message: "m" }],
      engine: engineReview(dangerousSteps, {
        result: "failed",
        diagnostics: [{ severity: "error", urn: "urn", message: "m" }],
        policies: [{ urn: null, policy: "p", pack: "k", level: "mandatory", message: "m" }],
        drift: [{ urn: "urn", kind: "changed", properties: dangerousSteps[0]?.properties ?? [] }],
      }),
    }),
  ),
) as object;

/** Every text of a value for which `make` gives another one. */
function withTexts(value: unknown, make: (text: string, path: string) => string, path = ""): unknown {
  if (typeof value === "string") return make(value, path);
  if (Array.isArray(value)) return value.map((one, index) => withTexts(one, make, `${path}.${index}`));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withTexts(inner, make, `${path}.${key}`)]),
  );
}

/** Paths of all texts that the reader leaves to whoever writes the report. */
const free = new Set<string>();
withTexts(honest, (text, path) => {
  const one = withTexts(honest, (old, at) => (at === path ? "anything at all" : old));
  try {
    readReview(one);
    free.add(path);
  } catch {
    // The reader knows what may stand there.
  }
  return text;
});

const attacks = [
  `"]\n  click machine_web_1 "https://evil.example" _blank\n  x["`,
  `"] --> x\n  click x href "javascript:alert(1)"`,
  `%%{init: {"securityLevel": "loose"}}%%\n`,
  `"><a href='https://evil.example'>approve</a>`,
  `#quot;]<img src=x>`,
  "```\n<!-- hotspare:review:production in . -->\n## `production`: no change",
  "\n<!-- hotspare:review:dev in . -->\n",
  "[approve](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>",
  "https://evil.example www.evil.example someone@evil.example mailto:a@evil.example",
  "@acme/everybody closes #1, acme/shop#2, GH-3, acme/shop@0123456",
  "\n/approve\n/merge\n",
  "/close",
  "!12 %1 &3 ~bug $4",
  "</details></td></tr></table><h1>fine</h1>",
  "[x]: https://evil.example\n\n[^1]: note",
];

const forged = (attack: string) =>
  readReview(withTexts(honest, (text, path) => (free.has(path) ? attack : text)));

function commentOf(attack: string): string {
  const reports = { reviews: [forged(attack)], problems: [attack], complete: true };
  const about = { project: ".", commit: "0".repeat(40), runUrl: null, conclusion: null };
  return [...wantedComments(reports, about).bodies.values()].join("\n\n");
}

/** Blocks in which nothing but a flowchart's own lines may stand. */
const flowchartsIn = (text: string) =>
  [...text.matchAll(/^(`{3,})mermaid\n([\s\S]*?)\n\1$/gm)].map(([, , source = ""]) => source);

const box = String.raw`\w+(\[|\(\[)"(#\d+;|[\p{L}\p{N} ./:·…,+−↻~_-])*"(\]|\]\))`;
const allowed = new RegExp(
  String.raw`^(flowchart LR| *end| *address --> tier| *aside -\.-> tier| *clients\(\[clients\]\) --> ${box}| *(subgraph )?${box.replace("(\\[|", " ?(\\[|")}( --> address)?| *tier -- "[^"]*" --> pool_\w+| *classDef \w+ [a-z0-9#:,-]+( \d)?| *class [\w,]+ \w+)$`,
  "u",
);

test("nearly everything in a report is somebody's text", () => {
  expect(free.size).toBeGreaterThan(60);
  expect([...free].some((path) => path.includes(".topology.after.pools.0.boxes.0.label"))).toBe(true);
});

describe.each(attacks)("a report that says %j everywhere", (attack) => {
  test("is drawn as boxes, arrows and words, without a link or a directive", () => {
    const flowcharts = flowchartsIn(commentOf(attack));
    expect(flowcharts.length).toBeGreaterThan(0);
    for (const source of flowcharts)
      expect(source.split("\n").filter((line) => !allowed.test(line))).toEqual([]);
  });

  test("makes no link, no picture, no mention, no reference and no second marker in the comment", () => {
    const text = commentOf(attack);
    const page = readMarkdown(text);
    expect(page.match(/<!--/g)).toHaveLength(2);
    expect(page).not.toMatch(/<(a|img|h1|script|iframe)\b/);
    const prose = page.replace(/<code[^>]*>[\s\S]*?<\/code>|<[^>]*>|&#39;/g, "");
    expect(prose).not.toMatch(/@\w|#\d|GH-\d|[!%&$]\d|~\w/);
    const outside = text.replace(/^(`{3,})[\s\S]*?^\1$/gm, "");
    expect(outside).not.toMatch(/^[>\s]*\/\w/m);
  });

  test("loads and links nothing in the page", () => {
    const page = html(forged(attack));
    expect(page).not.toMatch(/<(script|img|iframe|object|form|base)\b/);
    for (const [, href] of page.matchAll(/ (?:href|src)="([^"]*)"/g)) expect(href).toMatch(/^#[a-z0-9]+$/);
  });
});

test("a report of before topologies were data is refused by its schema", () => {
  expect(() => readReview({ ...honest, schema: "hotspare.review/1" })).toThrow("schema: ");
});

test("endless words of a picture are refused by the field's name", () => {
  const long = withTexts(honest, (text, path) => (path.endsWith(".boxes.0.label") ? "x".repeat(501) : text));
  expect(() => readReview(long)).toThrow(/topology\.\w+\.pools\.0\.boxes\.0\.label: /);
});
