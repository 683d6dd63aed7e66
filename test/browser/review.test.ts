import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, expect, it } from "vitest";
import type { Review } from "../../components/review/types.ts";
import { html } from "../../scripts/review/print/html/index.ts";
import { describeInBrowser } from "../support/browser.ts";
import { randomReview } from "../support/random-reviews.ts";
import { dangerousSteps, engineReview, manySteps, review, risk, scaled, step } from "../support/reviews.ts";

const full = review({
  verdict: "violated",
  change: scaled,
  risks: [risk()],
  engine: engineReview(dangerousSteps),
});
const large = review({ verdict: "destructive", change: scaled, engine: engineReview(manySteps(1000)) });
const lossless = ["web-1", "web-2"].map((name) => step({ name, kind: "replace", order: "create-first" }));
const failed = review({ verdict: "failed", failures: [{ phase: "preview", message: "the engine died" }] });

await describeInBrowser("the HTML review in a real browser", (browser) => {
  const folder = mkdtempSync(join(tmpdir(), "hotspare-browser-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Opens a review's file; what the page complains of and asks for is collected. */
  async function open(of: Review, width = 1000): Promise<{ page: Page; troubles: string[] }> {
    const file = join(folder, "review.html");
    writeFileSync(file, html(of));
    const page = await browser().newPage();
    await page.setViewport({ width, height: 800 });
    const troubles: string[] = [];
    const address = pathToFileURL(file).href;
    page.on("console", (message) => troubles.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => troubles.push(`error: ${error}`));
    page.on("dialog", (dialog) => {
      troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url() !== address) troubles.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    return { page, troubles };
  }

  it.each([
    ["with dangers", full],
    ["of a thousand steps", large],
    ["that failed", failed],
  ])("opens one %s: no complaint, no request, something to see", async (_, of) => {
    const { page, troubles } = await open(of);
    expect(troubles).toEqual([]);
    expect(await page.$eval("h1", (heading) => heading.textContent)).toContain(of.stack);
    expect(await coloursOf(browser(), await page.screenshot({ encoding: "base64" }))).toBeGreaterThan(20);
    await page.close();
  });

  it("draws the topology: every node is in sight, inside the picture", async () => {
    const { page } = await open(full);
    const pictures = (await page.evaluate(namesInPictures)) as string[][];
    const nodes = [
      "clients",
      "10.77.0.10",
      "lb-1 · 10.77.0.2",
      "lb-2 · 10.77.0.2",
      "web-1 · 20 %",
      "web-2 · 20 %",
      "web-3 · 20 %",
      "web-hot-1 · hot standby",
    ];
    expect(pictures.map((names) => nodes.filter((node) => !names.includes(node)))).toEqual([[], []]);
    expect(pictures[0]).not.toContain("+ web-5 · 20 %");
    expect(pictures[1]).toContain("+ web-5 · 20 %");
    await page.close();
  });

  it("has a verdict that fills the width, and a release without loss isn't taken for a deletion", async () => {
    const release = review({ verdict: "destructive", change: scaled, engine: engineReview(lossless) });
    for (const [of, words, other] of [
      [release, "↻ a release: replaced, the new ones first", "Deleted, replaced"],
      [large, "! something is deleted or replaced", "a release"],
    ] as const) {
      const { page } = await open(of);
      expect(await page.$eval("h1 small", ({ textContent }) => textContent)).toContain(words);
      expect(await page.$eval("body", ({ textContent }) => textContent)).not.toContain(other);
      const wide = await page.$$eval("header, main", (all) =>
        all.map((one) => one.getBoundingClientRect().width),
      );
      expect(Math.min(...wide) / Math.max(...wide)).toBeGreaterThan(0.9);
      await page.close();
    }
  });

  it("says what the marks in the second picture mean, and that it goes on sideways on a phone", async () => {
    const { page } = await open(full, 390);
    const legends = await page.$$eval("figure", (all) =>
      all.map((one) => one.querySelector(".legend")?.textContent ?? null),
    );
    expect(legends).toEqual([null, "+ added"]);
    const hint = () =>
      page.evaluate("getComputedStyle(document.querySelector('figcaption'), '::after').content");
    expect(await hint()).toContain("swipe sideways");
    await page.setViewport({ width: 1000, height: 800 });
    expect(await hint()).toBe("none");
    await page.close();
  });

  it("can be read on a phone, and at night", async () => {
    const { page } = await open(full, 390);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const day = await ground();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    expect(await ground()).not.toBe(day);
    await page.close();
  });

  it("tells a screen reader its headings and tables", async () => {
    const { page } = await open(full);
    const tree = JSON.stringify(await page.accessibility.snapshot({ interestingOnly: false }));
    for (const part of [
      '"role":"heading","name":"Deleted, replaced, protected"',
      '"role":"columnheader"',
      '"role":"navigation"',
    ])
      expect(tree.replace(/"backendNodeId":\d+,|"loaderId":"[^"]*",/g, "")).toContain(part);
    await page.close();
  });

  it("runs and loads nothing, whatever names and messages hold", async () => {
    for (const of of fc.sample(randomReview, { numRuns: 12, seed: 3 })) {
      const { page, troubles } = await open(of);
      expect(troubles).toEqual([]);
      await page.close();
    }
  });
});

/* What runs in the page is text here: the types of this project are Node's. */

/** The texts of each picture that lie inside it. */
const namesInPictures = `[...document.querySelectorAll("svg")].map((svg) => {
  const edge = svg.getBoundingClientRect();
  const inside = ({ width, left, right, top, bottom }) =>
    width > 0 && left >= edge.left && right <= edge.right && top >= edge.top && bottom <= edge.bottom;
  return [...svg.querySelectorAll("text")]
    .filter((text) => inside(text.getBoundingClientRect()))
    .map(({ textContent }) => textContent);
})`;

/** How many colours a picture has, up to a hundred. */
async function coloursOf(browser: Browser, png: string): Promise<number> {
  const page = await browser.newPage();
  const colours = await page.evaluate(`(async () => {
    const image = new Image();
    image.src = "data:image/png;base64,${png}";
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const found = new Set();
    for (const pixel of new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer))
      if (found.size < 100) found.add(pixel);
    return found.size;
  })()`);
  await page.close();
  return Number(colours);
}
