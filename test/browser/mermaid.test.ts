import { createRequire } from "node:module";
import fc from "fast-check";
import type { Page } from "puppeteer-core";
import { beforeAll, expect, it } from "vitest";
import { compare } from "../../components/review/compare/index.ts";
import { flowchart } from "../../scripts/review/print/content/flowchart.ts";
import { markdown } from "../../scripts/review/print/markdown/index.ts";
import { describeInBrowser } from "../support/browser.ts";
import { arbitraryRevisions, documentOf } from "../support/plan-documents.ts";
import { review, scaled } from "../support/reviews.ts";
import { documents } from "../unit/docs/documents.ts";

/*
 * GitHub draws a comment's flowcharts with Mermaid, which shows a bomb instead of a picture where it doesn't like the text. So it is
 * asked here, as GitHub runs it: in a browser, and strict.
 */

const mermaid = createRequire(import.meta.url).resolve("mermaid/dist/mermaid.min.js");

await describeInBrowser("Mermaid", (browser) => {
  let page: Page;
  beforeAll(async () => {
    page = await browser().newPage();
    await page.addScriptTag({ path: mermaid });
    await page.evaluate("mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' })");
  });

  /** The words in the picture that Mermaid makes of a text. @throws with its complaint when it makes none. */
  async function drawn(source: string): Promise<string> {
    const words = `mermaid.render("picture", ${JSON.stringify(source)}).then(({ svg }) => {
      const picture = new DOMParser().parseFromString(svg, "text/html");
      picture.querySelectorAll("style").forEach((style) => style.remove());
      return picture.body.textContent;
    })`;
    return String(await page.evaluate(words));
  }

  it("draws both flowcharts of a comment, with the names of the nodes", async () => {
    const pictures = [...markdown(review({ change: scaled })).matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)];
    const words = [];
    for (const [, source = ""] of pictures) words.push(await drawn(source));
    expect(words).toHaveLength(2);
    for (const name of ["lb-1", "lb-2", "web-1", "web-3", "web-hot-1"]) {
      expect(words[0]).toContain(name);
      expect(words[1]).toContain(name);
    }
    expect(words[0]).not.toContain("web-5");
    expect(words[1]).toContain("web-5");
  });

  it("draws what comparisons of random stacks say", async () => {
    const revisions = fc.sample(arbitraryRevisions, { numRuns: 8, seed: 5 });
    for (const [before, after] of revisions) {
      const { topology } = compare(documentOf(before), documentOf(after));
      for (const source of [topology.before, topology.after])
        expect(await drawn(source === null ? "" : flowchart(source))).toContain("lb-1");
    }
  });

  it("draws every flowchart of the documents", async () => {
    const sources = documents().flatMap(({ text }) =>
      [...text.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map(([, source = ""]) => source),
    );
    expect(sources.length).toBeGreaterThan(4);
    for (const source of sources) {
      const words = await drawn(source).catch((error: Error) => `${error.message}\n${source}`);
      expect(words).not.toContain("Parse error");
    }
  });

  it("would refuse what is no flowchart", async () => {
    await expect(drawn("flowchart LR\n  a --> [")).rejects.toThrow(/Parse error/);
  });
});
