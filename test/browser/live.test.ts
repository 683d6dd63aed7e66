import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LiveServer, serveLive } from "../../scripts/live/server.ts";
import { Watch } from "../../scripts/live/watch.ts";
import { describeInBrowser } from "../support/browser.ts";
import { FakeCluster } from "../support/live-source.ts";

await describeInBrowser("the page of ./hotspare live in a real browser", (browser) => {
  const cluster = new FakeCluster(4);
  const watch = new Watch(cluster, "test");
  let served: LiveServer;
  beforeAll(async () => {
    served = await serveLive(watch, cluster, 0);
    void watch.run();
  });
  afterAll(async () => {
    watch.close();
    await served.close();
  });

  /** Opens the page; what it complains of, and asks for besides its own, is collected. */
  async function open(width = 1200): Promise<{ page: Page; troubles: string[] }> {
    const page = await browser().newPage();
    await page.setViewport({ width, height: 900 });
    const troubles: string[] = [];
    page.on("console", (message) => troubles.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => troubles.push(`error: ${error}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(served.url)) troubles.push(`request: ${request.url()}`);
    });
    await page.goto(served.url);
    await page.waitForSelector("#machine-web-4");
    return { page, troubles };
  }

  const textOf = (page: Page, selector: string) => page.$eval(selector, ({ textContent }) => textContent);
  /** Waits until the page says it: by what it shows, and not by a time. */
  const says = (page: Page, selector: string, words: string) =>
    page.waitForFunction(
      `document.querySelector(${JSON.stringify(selector)})?.textContent.includes(${JSON.stringify(words)})`,
    );

  it("shows verdict, traffic and every machine, complains of nothing and asks nobody else", async () => {
    const { page, troubles } = await open();
    expect(await textOf(page, "#verdict")).toBe("Serving, all as planned");
    expect(await textOf(page, "#holder")).toContain("lb-1");
    await says(page, "#p99", "500 ms");
    await page.waitForFunction("document.querySelectorAll('#lines path').length === 5");
    const keys = await page.$$eval(".machine strong", (names) => names.map(({ textContent }) => textContent));
    expect(keys).toEqual(
      expect.arrayContaining(["lb-1", "lb-2", "web-1", "web-4", "web-hot-1", "web-cold-1"]),
    );
    expect(await textOf(page, "#machine-web-cold-1")).toContain("○ off");
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("tells in words what is wrong, and marks what the wardens did on the chart", async () => {
    const { page, troubles } = await open();
    cluster.ill.add("web-2");
    cluster.say("promote", "web-hot-1", "web-2: its checks fail <b>now</b>");
    await says(page, "#verdict", "Serving, but not as planned");
    await says(page, "#machine-web-2", "✗ unhealthy");
    await says(page, "#findings", "web-2 runs but does not answer its checks");
    await says(page, "#events", "lets web-hot-1 serve: web-2: its checks fail <b>now</b>");
    await page.waitForSelector("#chart .mark");
    cluster.ill.clear();
    await says(page, "#verdict", "Serving, all as planned");
    // Who comes later sees what was before.
    const later = await open();
    await says(later.page, "#events", "lets web-hot-1 serve");
    await later.page.close();
    cluster.trouble = "no Docker Engine answers";
    await says(page, "#verdict", "Nothing can be seen now: no Docker Engine answers");
    cluster.trouble = null;
    await says(page, "#verdict", "Serving, all as planned");
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("gives a machine's log, exit code and memory by keyboard alone, and the focus back", async () => {
    const { page } = await open();
    cluster.lines = ["<script>alert(1)</script>", "fatal: no memory"];
    await page.focus("#machine-web-1");
    await page.keyboard.press("Enter");
    await says(page, "#detail-lines", "<script>alert(1)</script>\nfatal: no memory");
    expect(await textOf(page, "#detail-facts")).toContain("137, killed for want of memory");
    await page.keyboard.press("Escape");
    await page.waitForFunction("!document.querySelector('#detail').open");
    expect(await page.evaluate("document.activeElement.id")).toBe("machine-web-1");
    await page.focus("#machine-lb-1");
    await page.keyboard.press("Enter");
    await says(page, "#detail-trouble", "lb-1 is not there");
    await page.close();
  });

  it("fits a phone, and has a dark ground at night", async () => {
    const { page } = await open(360);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    const heights = await page.$$eval(".machine", (all) =>
      all.map((one) => one.getBoundingClientRect().height),
    );
    expect(Math.min(...heights.filter((height) => height > 0))).toBeGreaterThanOrEqual(44);
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const day = await ground();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    expect(await ground()).not.toBe(day);
    await page.close();
  });

  it("tells a screen reader its headings, its verdict and each machine's state", async () => {
    const { page } = await open();
    const tree = await page.accessibility.snapshot();
    const names: string[] = [];
    const walk = (node: typeof tree): void => {
      if (node?.name) names.push(`${node.role} ${node.name}`);
      for (const child of node?.children ?? []) walk(child);
    };
    walk(tree);
    expect(names).toEqual(
      expect.arrayContaining([
        "heading Who answers whom",
        "heading The last five minutes",
        "heading What the wardens saw and did",
        expect.stringMatching(/^button web-1 ✓ healthy/),
        expect.stringMatching(/^button web-hot-1 ✓ healthy hot standby/),
      ]),
    );
    expect(await page.$eval("#verdict", (verdict) => verdict.getAttribute("role"))).toBe("status");
    await page.close();
  });

  it("shows a hundred nodes, each of which does something all the time", async () => {
    const large = new FakeCluster(100);
    const looking = new Watch(large, "test");
    const there = await serveLive(looking, large, 0);
    void looking.run();
    const page = await browser().newPage();
    await page.goto(there.url);
    await page.waitForSelector("#machine-web-100");
    large.stopped.add("web-77");
    await says(page, "#machine-web-77", "✗ stopped");
    expect(await page.$$eval(".machine", ({ length }) => length)).toBeGreaterThan(103);
    await page.close();
    looking.close();
    await there.close();
    expect(large.closed).toBe(true);
  });
});
