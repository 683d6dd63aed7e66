import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare } from "../../../../../components/review/compare/index.ts";
import type { Review } from "../../../../../components/review/types.ts";
import { flowchart } from "../../../../../scripts/review/print/content/flowchart.ts";
import { html } from "../../../../../scripts/review/print/html/index.ts";
import { picture } from "../../../../../scripts/review/print/html/picture.ts";
import { formats, print } from "../../../../../scripts/review/print/index.ts";
import { json } from "../../../../../scripts/review/print/json.ts";
import { arbitraryRevisions, documentOf } from "../../../../support/plan-documents.ts";
import { randomReview } from "../../../../support/random-reviews.ts";
import { textOf, unbalanced } from "../../../../support/read-markdown.ts";
import {
  clusterChange,
  dangerousSteps,
  engineReview,
  manySteps,
  review,
  scaled,
} from "../../../../support/reviews.ts";

const full: Review = review({ verdict: "destructive", change: scaled, engine: engineReview(dangerousSteps) });

describe("the HTML file", () => {
  it("is whole and loads nothing, whatever names and messages hold", () => {
    fc.assert(
      fc.property(randomReview, (of) => {
        const page = html({
          ...of,
          change: of.change && { ...of.change, topology: { before: null, after: null } },
        });
        expect(unbalanced(page.replace("<!doctype html>", ""))).toEqual([]);
        expect(page).not.toMatch(/<(script|img|iframe|link|object|form|base)\b|<[^>]* on\w+=|url\(|@import/);
        for (const [, href] of page.matchAll(/ (?:href|src)="([^"]*)"/g))
          expect(href).toMatch(/^#[a-z0-9]+$/);
      }),
      { numRuns: 60 },
    );
  });

  it("forbids what it doesn't have", () => {
    expect(html(full)).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it("has the topology as pictures with every node's name, and as text", () => {
    const page = html(full);
    const drawn = [...page.matchAll(/<svg [\s\S]*?<\/svg>/g)].map(([svg]) => textOf(svg));
    expect(drawn).toHaveLength(2);
    expect(drawn[0]).not.toContain("web-4");
    for (const name of ["lb-1", "lb-2", "web-1", "web-5", "web-hot-1", "10.77.0.10", "balancers: nginx"])
      expect(drawn[1]).toContain(name);
    expect(page.match(/<summary>the same as text/g)).toHaveLength(2);
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  });

  it("has pictures for whatever a comparison draws", () => {
    fc.assert(
      fc.property(arbitraryRevisions, ([before, after]) => {
        const { topology } = compare(documentOf(before), documentOf(after));
        for (const source of [topology.before, topology.after]) {
          const drawn = textOf(picture(source === null ? "" : flowchart(source)) ?? "nothing");
          expect(drawn).toContain("lb-1");
          expect(drawn).not.toMatch(/#\w+;/);
        }
      }),
      { numRuns: 8 },
    );
  });

  it("shows a flowchart that can't be drawn as text", () => {
    const routes = Array.from({ length: 2000 }, (_, index) => ({ path: `/${index}`, pool: "web" }));
    const after = scaled.topology.after && { ...scaled.topology.after, routes };
    const page = html(review({ change: clusterChange({ topology: { before: null, after } }) }));
    expect(page).not.toContain("<svg");
    expect(textOf(page)).toContain("flowchart LR");
    expect(picture("no flowchart <at all>")).toBeNull();
  });

  it("tells more than the comment: all values and all lines", () => {
    const [step] = manySteps(1);
    if (step === undefined) throw new Error("there is one");
    const long = "v".repeat(2000);
    const properties = Array.from({ length: 20 }, (_, index) => ({
      path: `envs[${index}]`,
      kind: "update" as const,
      replaces: false,
      before: { kind: "absent" as const },
      after: { kind: "value" as const, text: long + index },
    }));
    const page = html(review({ engine: engineReview([{ ...step, properties }]) }));
    expect(page).toContain(`${long}19`);
  });
});

describe("the JSON file", () => {
  it("is the review itself, with a line end", () => {
    expect(JSON.parse(json(full))).toEqual(JSON.parse(JSON.stringify(full)));
    expect(json(full)).toMatch(/\}\n$/);
  });

  it("is the same bytes in whatever order the fields were put together", () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, turned(inner)]),
      );
    };
    fc.assert(
      fc.property(randomReview, (of) => {
        expect(json(turned(of) as Review)).toBe(json(of));
      }),
      { numRuns: 50 },
    );
  });
});

it.each(formats)("%s of the same review is the same bytes", async (format) => {
  expect(await print(structuredClone(full), format)).toBe(await print(full, format));
});
