import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { marker } from "../../../../../scripts/review/print/markdown/index.ts";
import {
  afterRun,
  aPull,
  headSha,
  ownRun,
  post,
  reportFolder,
  reportsOf,
} from "../../../../support/github-run.ts";
import { GitHubStub } from "../../../../support/github-stub.ts";
import { review } from "../../../../support/reviews.ts";

let stub: GitHubStub;

beforeEach(async () => {
  stub = await GitHubStub.start();
  stub.pulls.push(aPull(7));
});
afterEach(() => stub.stop());

const bot = "github-actions[bot]";
const bodies = () => stub.comments.map(({ body }) => body);

describe("runs without reports", () => {
  test("one that failed gets a comment, and old ones are taken away", async () => {
    const old = stub.addComment(bot, `${marker("dev")}\n\nold`);
    await post({ paths: ["/nowhere/review"], env: afterRun(stub, { conclusion: "failure" }) });
    expect(stub.comments).toHaveLength(2);
    expect(bodies()[1]).toContain("## Review failed");
    expect(bodies()[1]).toContain("`failure`");
    expect(old.body).toContain("no report");
    await post({ paths: [reportsOf("dev")], env: afterRun(stub) });
    expect(old.body).toContain("## `dev`: changes");
    expect(bodies()[1]).not.toContain("failed");
  });

  test.each(["cancelled", "skipped", "action_required"])(
    "one that was %s changes nothing",
    async (conclusion) => {
      const env = afterRun(stub, { conclusion });
      expect(await post({ paths: ["/nowhere/review"], env })).toMatchObject({ kind: "nothing" });
      expect(stub.requests).toEqual([]);
    },
  );

  test("a run of another event than a pull request names none", async () => {
    await expect(post({ paths: [reportsOf("dev")], env: afterRun(stub, { event: "push" }) })).rejects.toThrow(
      "--pull-request",
    );
  });

  test("in its own run an empty folder is a mistake", async () => {
    const env = ownRun(stub, 7);
    await expect(post({ paths: [reportFolder({})], env })).rejects.toThrow("there is no report");
  });
});

describe("reports that are none", () => {
  test("are named, and the others are posted", async () => {
    const paths = [
      reportFolder({
        "dev.json": review({ stack: "dev" }),
        "broken.json": "{",
        "old.json": { ...review({ stack: "x" }), schema: "hotspare.review/0" },
        "evil.json": { ...review({ stack: "x" }), stack: "x --> <img src=x>" },
        "`@all`.json": "{",
      }),
    ];
    await expect(post({ paths, env: afterRun(stub) })).rejects.toThrow("broken.json: no JSON");
    expect(bodies().join("\n")).toContain("## `dev`");
    expect(bodies().join("\n")).toContain("4 reports could not be used");
    expect(bodies().join("\n")).toContain("- `` `@all`.json: no JSON ``\n");
    expect(bodies().join("\n")).not.toContain("<img");
  });

  test("can't write a line of their own into the log", async () => {
    const counts = { "x\n::error::forged": 1 };
    const paths = [
      reportFolder({ "dev.json": { ...review(), engine: { counts } }, "\n::error::a.json": "{" }),
    ];
    const error = await post({ paths, env: afterRun(stub) }).catch((caught: Error) => caught);
    expect(String(error)).toContain("::error::");
    expect(String(error)).not.toMatch(/^::/m);
  });

  test("a second report of a stack is not taken", async () => {
    const paths = [
      reportFolder({
        "a.json": review({ stack: "dev" }),
        "b.json": review({ stack: "dev", verdict: "unchanged" }),
      }),
    ];
    await expect(post({ paths, env: afterRun(stub) })).rejects.toThrow("a second report of the stack dev");
    expect(bodies().some((body) => body.includes("## `dev`: changes"))).toBe(true);
  });
});

describe("rights", () => {
  test("without them the report is in the summary; from a fork's own run that is no failure", async () => {
    stub.mayWrite = false;
    stub.pulls.push(aPull(8, { head: { sha: headSha, ref: "x", repo: { full_name: "mallory/shop" } } }));
    const ofFork = ownRun(stub, 8);
    const posted = await post({ paths: [reportsOf("dev")], env: ofFork });
    expect(posted).toMatchObject({ kind: "nothing", reason: expect.stringContaining("workflow_run") });
    expect(readFileSync(`${ofFork.GITHUB_STEP_SUMMARY}`, "utf8")).toContain("## `dev`: changes");
    await expect(post({ paths: [reportsOf("dev")], env: ownRun(stub, 7) })).rejects.toThrow(
      "pull-requests: write",
    );
    await expect(post({ paths: [reportsOf("dev")], env: afterRun(stub) })).rejects.toThrow(
      "pull-requests: write",
    );
  });

  test("a wrong token is said to be wrong and never shown", async () => {
    const env = { ...afterRun(stub), GITHUB_TOKEN: "ghs_wrongwrongwrong" };
    const error = await post({ paths: [reportsOf("dev")], env }).catch((caught: Error) => caught);
    expect(String(error)).toContain("wrong or has expired");
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain("ghs_wrong");
  });

  test("no token at all", async () => {
    await expect(
      post({ paths: [reportsOf("dev")], env: { ...afterRun(stub), GITHUB_TOKEN: "" } }),
    ).rejects.toThrow("GITHUB_TOKEN");
  });

  test("an Enterprise Server is asked at its own address", async () => {
    const enterprise = await GitHubStub.start("/api/v3");
    enterprise.pulls.push(aPull(7));
    try {
      await post({
        paths: [reportsOf("dev")],
        env: { ...afterRun(stub), GITHUB_API_URL: `${enterprise.url}/` },
      });
      expect(enterprise.comments).toHaveLength(1);
      expect(enterprise.requests.some(({ path }) => path === "/api/graphql")).toBe(true);
      expect(stub.requests).toEqual([]);
    } finally {
      await enterprise.stop();
    }
  });
});

describe("a busy GitHub", () => {
  const onceFor = (
    method: string,
    answer: { status: number; message: string; headers?: Record<string, string> },
    times = 1,
  ) => {
    let left = times;
    stub.instead = (request) => {
      if (request.method !== method || request.path.endsWith("/graphql") || left-- <= 0) return null;
      const { status, message, headers } = answer;
      return { status, body: { message, status: `${status}` }, ...(headers ? { headers } : {}) };
    };
  };
  const secondary = {
    status: 403,
    message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    headers: { "retry-after": "60" },
  };
  const resets = (seconds: number) => `${Math.floor(Date.now() / 1000) + seconds}`;
  const primary = (seconds: number) => ({
    status: 403,
    message: "API rate limit exceeded for installation ID 1.",
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": resets(seconds) },
  });

  test.each([
    ["a secondary rate limit", "POST", secondary],
    ["429", "POST", { ...secondary, status: 429 }],
    ["a short primary rate limit", "GET", primary(30)],
  ])("waits for %s", async (_, method, answer) => {
    onceFor(method, answer);
    const told: string[] = [];
    await post({ paths: [reportsOf("dev")], env: afterRun(stub), tell: (text) => told.push(text) });
    expect(stub.comments).toHaveLength(1);
    expect(told.join()).toContain("rate limit");
  });

  test("doesn't wait for a long one, and says when to come again", async () => {
    onceFor("POST", primary(3000), 99);
    const env = afterRun(stub);
    await expect(post({ paths: [reportsOf("dev")], env })).rejects.toThrow(/Run the job again after 20\d\d-/);
    expect(stub.writes).toHaveLength(1);
    expect(readFileSync(`${env.GITHUB_STEP_SUMMARY}`, "utf8")).toContain("## `dev`");
  });

  test("an error of its own is tried again, and not for ever", async () => {
    onceFor("POST", { status: 502, message: "Server Error" }, 2);
    await post({ paths: [reportsOf("dev")], env: afterRun(stub) });
    expect(stub.comments).toHaveLength(1);
    onceFor("GET", { status: 503, message: "Service unavailable" }, 99);
    await expect(post({ paths: [reportsOf("dev")], env: afterRun(stub) })).rejects.toThrow(
      "Service unavailable",
    );
  });

  test("a create that was done although the answer was lost is not done twice", async () => {
    let lost = false;
    stub.beforeCreate = () => {
      if (!lost) stub.addComment(bot, `${marker("dev")}\n\nof the lost answer`);
    };
    stub.instead = ({ method, path }) => {
      if (method !== "POST" || path.endsWith("/graphql") || lost) return null;
      stub.beforeCreate();
      lost = true;
      return { status: 502, body: { message: "Server Error" } };
    };
    await post({ paths: [reportsOf("dev")], env: afterRun(stub) });
    expect(stub.comments).toHaveLength(1);
  });

  test("another refusal is told as it is", async () => {
    onceFor("POST", { status: 422, message: "Validation Failed" }, 9);
    await expect(post({ paths: [reportsOf("dev")], env: afterRun(stub) })).rejects.toThrow(
      "Validation Failed",
    );
    onceFor("POST", { status: 403, message: "Unable to create comment because issue is locked." }, 9);
    await expect(post({ paths: [reportsOf("dev")], env: afterRun(stub) })).rejects.toThrow(
      "conversation is locked",
    );
  });
});
