import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { marker } from "../../../../../scripts/review/print/markdown/index.ts";
import { afterRun, aPull, headSha, post, reportFolder, reportsOf } from "../../../../support/github-run.ts";
import { GitHubStub } from "../../../../support/github-stub.ts";
import { engineReview, manySteps, review } from "../../../../support/reviews.ts";

let stub: GitHubStub;

beforeEach(async () => {
  stub = await GitHubStub.start();
  stub.pulls.push(aPull(7));
});
afterEach(() => stub.stop());

const bot = "github-actions[bot]";
const bodies = () => stub.comments.map(({ body }) => body);

describe("one comment a stack", () => {
  test("is made, and not repeated when nothing has changed", async () => {
    const paths = [reportsOf("dev", "staging")];
    expect(await post({ paths, env: afterRun(stub) })).toMatchObject({ kind: "posted", pullRequest: 7 });
    expect(bodies().map((body) => body.split("\n")[0])).toEqual([marker("dev"), marker("staging")]);
    const writes = stub.writes.length;
    const again = await post({ paths, env: afterRun(stub) });
    expect(again).toMatchObject({ outcome: { actions: [], untouched: ["dev", "staging"] } });
    expect(stub.writes).toHaveLength(writes);
  });

  test("is found behind 250 others and updated in place", async () => {
    for (let n = 0; n < 250; n++) stub.addComment("somebody", `comment ${n}`);
    const own = stub.addComment(bot, `${marker("dev")}\n\nold`);
    for (let n = 0; n < 60; n++) stub.addComment("somebody", `comment ${n}`);
    await post({ paths: [reportsOf("dev")], env: afterRun(stub) });
    expect(own.body).toContain("## `dev`: changes");
    expect(stub.writes).toEqual([`PATCH /repos/acme/shop/issues/comments/${own.id}`]);
    expect(stub.requests.filter(({ path }) => path.includes("/issues/7/comments"))).toHaveLength(4);
  });

  test("says for which commit and by which run it is", async () => {
    await post({ paths: [reportsOf("dev")], env: afterRun(stub) });
    expect(bodies()[0]).toContain(headSha);
    expect(bodies()[0]).toContain("https://github.example/acme/shop/actions/runs/76");
  });

  test("a body that GitHub gives back with other line ends is no change", async () => {
    const paths = [reportsOf("dev")];
    await post({ paths, env: afterRun(stub) });
    const [comment] = stub.comments;
    if (comment) comment.body = comment.body.trimEnd().replaceAll("\n", "\r\n");
    expect(await post({ paths, env: afterRun(stub) })).toMatchObject({ outcome: { actions: [] } });
  });

  test("none is made for a stack without changes, but one that is there says so", async () => {
    const paths = [reportFolder({ "dev.json": review({ stack: "dev", verdict: "unchanged" }) })];
    await post({ paths, env: afterRun(stub) });
    expect(stub.comments).toEqual([]);
    stub.addComment(bot, `${marker("dev")}\n\nold`);
    await post({ paths, env: afterRun(stub) });
    expect(bodies()[0]).toContain("## `dev`: no change");
  });

  test("a stack whose report is gone is set to no change; with single files it is left alone", async () => {
    const gone = stub.addComment(bot, `${marker("staging")}\n\nold`);
    const reports = reportsOf("dev");
    await post({ paths: [`${reports}/dev.json`], env: afterRun(stub) });
    expect(gone.body).toContain("old");
    await post({ paths: [reports], env: afterRun(stub) });
    expect(gone.body).toContain("`staging`: no change");
    expect(gone.body.startsWith(marker("staging"))).toBe(true);
  });
});

describe("comments of others", () => {
  test.each([
    ["begins with the marker", (text: string) => text],
    ["quotes it", (text: string) => `> ${text}\n\nI disagree`],
  ])("one that %s is not touched", async (_, quote) => {
    const foreign = stub.addComment("mallory", quote(`${marker("dev")}\n\nfake`));
    const before = foreign.body;
    await post({ paths: [reportsOf("dev")], env: afterRun(stub) });
    expect(foreign.body).toBe(before);
    expect(stub.comments).toHaveLength(2);
  });

  test("our own that only quotes a marker is not touched either", async () => {
    const answer = stub.addComment(bot, `See above:\n${marker("dev")}\n`);
    await post({ paths: [reportsOf("dev")], env: afterRun(stub) });
    expect(answer.body).toContain("See above");
    expect(stub.comments).toHaveLength(2);
  });

  test("a person named like the bot is not the bot", async () => {
    const foreign = stub.addComment("github-actions", `${marker("dev")}\n\nfake`);
    await post({ paths: [reportsOf("dev")], env: afterRun(stub) });
    expect(foreign.body).toContain("fake");
  });
});

describe("runs that race", () => {
  test("two that both saw no comment leave the older one, with the newest report", async () => {
    stub.beforeCreate = () => {
      stub.beforeCreate = () => {};
      stub.addComment(bot, `${marker("dev")}\n\nof the other run`);
    };
    await post({ paths: [reportsOf("dev")], env: afterRun(stub) });
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toContain("## `dev`: changes");
    expect(stub.comments[0]?.id).toBe(1000);
  });

  test("doubles of an earlier race are removed", async () => {
    const first = stub.addComment(bot, `${marker("dev")}\n\none`);
    stub.addComment(bot, `${marker("dev")}\n\ntwo`);
    await post({ paths: [reportsOf("dev")], env: afterRun(stub) });
    expect(stub.comments).toEqual([first]);
  });

  test("a comment that is deleted meanwhile is replaced", async () => {
    const own = stub.addComment(bot, `${marker("dev")}\n\nold`);
    stub.instead = ({ method }) => {
      if (method === "PATCH") stub.comments.splice(stub.comments.indexOf(own), 1);
      return null;
    };
    await post({ paths: [reportsOf("dev")], env: afterRun(stub) });
    expect(bodies()).toHaveLength(1);
    expect(stub.writes.at(-1)).toBe("POST /repos/acme/shop/issues/7/comments");
  });
});

describe("large reviews", () => {
  const large = () => [
    reportFolder({ "dev.json": review({ verdict: "destructive", engine: engineReview(manySteps(5000)) }) }),
  ];

  test("fit into what GitHub takes, and say where the whole is", async () => {
    await post({ paths: large(), env: afterRun(stub) });
    expect([...(bodies()[0] ?? "")].length).toBeLessThanOrEqual(65_536);
    expect(bodies()[0]).toContain(
      "in the artifact of [the run](https://github.example/acme/shop/actions/runs/76)",
    );
    expect(stub.writes).toHaveLength(1);
  });

  test("are shortened where GitHub takes less", async () => {
    stub.longestBody = 25_000;
    await post({ paths: large(), env: afterRun(stub) });
    expect(bodies()[0]).toContain("## `dev`: something is deleted or replaced");
    expect(stub.comments).toHaveLength(1);
  });
});

describe("two projects of one repository", () => {
  const dev = (heading: "changed" | "unchanged") => [
    reportFolder({ "dev.json": review({ stack: "dev", verdict: heading }) }),
  ];
  const firstLines = () => bodies().map((body) => body.split("\n")[0]);

  test("have a comment each for stacks of one name, and neither touches the other's", async () => {
    await post({ paths: dev("changed"), project: "shop", env: afterRun(stub) });
    await post({ paths: dev("changed"), project: "a folder/--> bank", env: afterRun(stub) });
    expect(firstLines()).toEqual([marker("dev", "shop"), marker("dev", "a folder/--> bank")]);
    expect(firstLines().join("").match(/-->/g)).toHaveLength(2);
    expect(bodies()[0]).toContain("## `dev` in `shop`: ");
    const [shop, bank] = bodies();
    await post({ paths: [reportsOf("other")], project: "shop", env: afterRun(stub) });
    expect(bodies()[0]).toContain("## `dev` in `shop`: no change");
    expect(bodies()[1]).toBe(bank);
    await post({ paths: dev("changed"), project: "shop", env: afterRun(stub) });
    expect(bodies()[0]).toBe(shop);
  });

  test("a comment of before is taken over by the first, once", async () => {
    const old = stub.addComment(bot, `${marker("dev")}\n\nold`);
    await post({ paths: dev("changed"), project: ".", env: afterRun(stub) });
    expect(old.body.split("\n")[0]).toBe(marker("dev", "."));
    await post({ paths: dev("changed"), project: "shop", env: afterRun(stub) });
    expect(firstLines()).toEqual([marker("dev", "."), marker("dev", "shop")]);
  });

  test("a run without a report speaks of its own project alone", async () => {
    await post({ paths: dev("changed"), project: "shop", env: afterRun(stub) });
    const [shop] = bodies();
    await post({ paths: [reportFolder({})], project: ".", env: afterRun(stub, { conclusion: "failure" }) });
    expect(bodies()[0]).toBe(shop);
    expect(firstLines()[1]).toBe(marker("*", "."));
  });
});
