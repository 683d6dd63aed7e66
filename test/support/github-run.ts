import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Posted, type PostRequest, postReviews } from "../../scripts/review/github/post.ts";
import { type GitHubStub, type StubPull, stubRepository, stubToken } from "./github-stub.ts";
import { review } from "./reviews.ts";

/** Commit at the head of every pull request here, unless a test says another. */
export const headSha = "a".repeat(40);

/** A pull request of a branch in the repository itself. */
export function aPull(number: number, parts: Partial<StubPull> = {}): StubPull {
  return {
    number,
    head: { sha: headSha, ref: "feature", repo: { full_name: stubRepository } },
    base: { ref: "main" },
    state: "open",
    ...parts,
  };
}

/** A folder as a run leaves it: what is no text is written as JSON. */
export function reportFolder(files: Readonly<Record<string, unknown>>): string {
  const folder = temporaryFolder("reports");
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}

/** A folder with a report of a changed stack for each name. */
export function reportsOf(...stacks: string[]): string {
  return reportFolder(Object.fromEntries(stacks.map((stack) => [`${stack}.json`, review({ stack })])));
}

function temporaryFolder(what: string): string {
  const folder = mkdtempSync(join(tmpdir(), `hotspare-${what}-`));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Variables of a workflow's step with its event, as GitHub sets them. */
export function workflowEnv(stub: GitHubStub, name: string, payload: unknown): NodeJS.ProcessEnv {
  const folder = temporaryFolder("event");
  writeFileSync(join(folder, "event.json"), JSON.stringify(payload));
  writeFileSync(join(folder, "summary.md"), "");
  return {
    GITHUB_TOKEN: stubToken,
    GITHUB_API_URL: stub.url,
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_REPOSITORY: stubRepository,
    GITHUB_RUN_ID: "77",
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: join(folder, "event.json"),
    GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
  };
}

/** Variables of a step that follows a finished run of the review. */
export function afterRun(stub: GitHubStub, parts: object = {}): NodeJS.ProcessEnv {
  return workflowEnv(stub, "workflow_run", {
    action: "completed",
    workflow_run: {
      event: "pull_request",
      head_sha: headSha,
      head_branch: "feature",
      head_repository: { full_name: stubRepository, owner: { login: "acme" } },
      conclusion: "success",
      html_url: "https://github.example/acme/shop/actions/runs/76",
      ...parts,
    },
  });
}

/** Variables of a step in a pull request's own run. */
export function ownRun(stub: GitHubStub, number: number, sha = headSha): NodeJS.ProcessEnv {
  return workflowEnv(stub, "pull_request", { pull_request: { number, head: { sha } } });
}

/** A second of waiting takes a millisecond, and writes need no pause. */
const atOnce = {
  key: () => ({
    schedule: (_options: unknown, work: (...rest: unknown[]) => unknown, ...rest: unknown[]) => work(...rest),
  }),
};
export const impatient = { second: 1, longest: 120, spacing: atOnce as never };

/** Posts without waiting. */
export function post(request: Pick<PostRequest, "paths" | "env"> & Partial<PostRequest>): Promise<Posted> {
  return postReviews({
    pullRequest: null,
    repository: null,
    tell: () => {},
    patience: impatient,
    ...request,
  });
}
