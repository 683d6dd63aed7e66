import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exitCodes } from "../../../../../scripts/exit.ts";
import { noteReviews } from "../../../../../scripts/review/gitlab/post.ts";
import { marker } from "../../../../../scripts/review/print/markdown/index.ts";
import { reportFolder, reportsOf } from "../../../../support/github-run.ts";
import { GitLabStub } from "../../../../support/gitlab-stub.ts";
import { review } from "../../../../support/reviews.ts";

let stub: GitLabStub;
const told: string[] = [];

beforeEach(async () => {
  stub = await GitLabStub.start();
  told.length = 0;
});
afterEach(() => stub.stop());

const bot = "project_5_bot";

function post(paths: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return noteReviews({
    paths,
    mergeRequest: null,
    repository: null,
    project: ".",
    env: {
      GITLAB_TOKEN: stub.token,
      CI_API_V4_URL: stub.url,
      CI_PROJECT_ID: "5",
      CI_MERGE_REQUEST_IID: "7",
      CI_COMMIT_SHA: stub.mergeRequest.sha,
      CI_JOB_URL: "https://gitlab.example/jobs/1",
      ...env,
    },
    tell: (text) => told.push(text),
    patience: { second: 1, longest: 120, tries: 4 },
  });
}

describe("one note a stack", () => {
  test("is made with our marker, and not repeated when nothing has changed", async () => {
    const paths = [reportsOf("dev", "staging")];
    await post(paths);
    const first = stub.notes.map(({ body }) => body.split("\n")[0]);
    expect(first).toEqual([marker("dev", "."), marker("staging", ".")]);
    expect(stub.notes[0]?.body).toContain("https://gitlab.example/jobs/1");
    const writes = stub.writes.length;
    expect(await post(paths)).toMatchObject({ kind: "posted", actions: [] });
    expect(stub.writes).toHaveLength(writes);
  });

  test("is found behind 250 others and updated in place; those of others and of the system are left alone", async () => {
    for (let n = 0; n < 250; n++) stub.add("somebody", `note ${n}`);
    stub.add("somebody", `${marker("dev", ".")}\n\na forged one`);
    stub.add(bot, `${marker("dev", ".")}\n\nwhat the system says`, true);
    const own = stub.add(bot, `${marker("dev", ".")}\n\nold`);
    await post([reportsOf("dev")]);
    expect(own.body).toContain("## `dev`: changes");
    expect(stub.writes).toEqual([`PUT /projects/5/merge_requests/7/notes/${own.id}`]);
  });

  test("of two runs at the same time the older is left; a stack that changes no more says so", async () => {
    const older = stub.add(bot, `${marker("dev", ".")}\n\nold`);
    stub.add(bot, `${marker("dev", ".")}\n\nold too`);
    const gone = stub.add(bot, `${marker("gone", ".")}\n\nold`);
    await post([reportsOf("dev")]);
    expect(stub.notes.map(({ id }) => id)).toEqual([older.id, gone.id]);
    expect(gone.body).toContain("no change");
  });

  test("can be posted to a merge request that is named, of a project by its path", async () => {
    const result = await noteReviews({
      paths: [reportsOf("dev")],
      mergeRequest: 7,
      repository: "acme/shop",
      env: { GITLAB_TOKEN: stub.token, CI_API_V4_URL: `${stub.url}/` },
      tell: () => {},
    });
    expect(result).toMatchObject({ kind: "posted", mergeRequest: 7 });
    expect(stub.notes).toHaveLength(1);
  });
});

describe("nothing is posted", () => {
  test.each([
    ["to a merge request that is merged", { state: "merged" }],
    ["for a commit that isn't its newest", { sha: "b".repeat(40) }],
  ])("%s", async (_, parts) => {
    const ours = stub.mergeRequest.sha;
    stub.mergeRequest = { ...stub.mergeRequest, ...parts };
    expect(await post([reportsOf("dev")], { CI_COMMIT_SHA: ours })).toMatchObject({ kind: "nothing" });
    expect(stub.notes).toEqual([]);
  });

  test.each([
    ["without a token", { GITLAB_TOKEN: "" }, /set GITLAB_TOKEN/],
    ["without a merge request", { CI_MERGE_REQUEST_IID: "" }, /say --merge-request/],
  ])("%s", async (_, env, words) => {
    await expect(post([reportsOf("dev")], env)).rejects.toMatchObject({
      exitCode: exitCodes.usage,
      message: expect.stringMatching(words),
    });
    expect(stub.requests).toEqual([]);
  });
});

describe("a bad day", () => {
  test("an overloaded GitLab is asked again, after the time that it says", async () => {
    stub.failures = [{ status: 502 }, { status: 429, headers: { "retry-after": "3" } }, { status: 503 }];
    await post([reportsOf("dev")]);
    expect(stub.notes).toHaveLength(1);
    expect(told).toEqual([
      "GitLab answered 502; trying again in 1 s",
      "GitLab answered 429; trying again in 3 s",
      "GitLab answered 503; trying again in 9 s",
    ]);
  });

  test("a rate limit of an hour is not waited for", async () => {
    stub.failures = [{ status: 429, headers: { "retry-after": "3600" } }];
    await expect(post([reportsOf("dev")])).rejects.toThrow("Run the job again in some minutes");
  });

  test.each([
    [401, "The token is wrong or has expired."],
    [403, "needs the scope `api`"],
    [404, "is not there, or the token may not see it"],
  ])("%i is said with the way out, and without the token", async (status, words) => {
    stub.failures = [{ status }];
    const error = await post([reportsOf("dev")]).catch((thrown: Error) => thrown);
    expect(String(error)).toContain(words);
    expect(String(error)).not.toContain(stub.token);
  });

  test("what is no report is named in a note of its own, and the job fails", async () => {
    const folder = reportFolder({
      "dev.json": review({ stack: "dev" }),
      "odd.json": { schema: "x" } as never,
    });
    await expect(post([folder])).rejects.toThrow("not all reports could be used");
    expect(stub.notes.some(({ body }) => body.includes("Review failed"))).toBe(true);
  });
});
