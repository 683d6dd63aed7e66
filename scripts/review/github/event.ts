import { readFileSync } from "node:fs";
import { z } from "zod";
import { exitCodes, UserError } from "../../exit.ts";

/*
 * What a workflow was started by. GitHub writes the event, so its ids are true; names of branches in it are a stranger's texts.
 * Fields: https://docs.github.com/webhooks/webhook-events-and-payloads (workflow_run, pull_request).
 */

/** A finished run of another workflow, whose reports are to be shown. */
export interface FinishedRun {
  readonly kind: "workflow_run";
  readonly headSha: string;
  /** Where the head is; null when the fork has been deleted meanwhile. */
  readonly head: { readonly owner: string; readonly repository: string; readonly branch: string } | null;
  /** How the run ended, e.g. `success`, `failure`, `cancelled`. */
  readonly conclusion: string;
  readonly url: string;
}

/** A pull request in whose own run we are. */
export interface OwnRun {
  readonly kind: "pull_request";
  readonly number: number;
  readonly headSha: string;
}

const repository = z.object({ full_name: z.string(), owner: z.object({ login: z.string() }) });

const workflowRun = z.object({
  workflow_run: z.object({
    event: z.string(),
    head_sha: z.string(),
    head_branch: z.string().nullable(),
    head_repository: repository.nullable(),
    conclusion: z.string().nullable(),
    html_url: z.string(),
  }),
});

const pullRequest = z.object({
  pull_request: z.object({ number: z.number().int().positive(), head: z.object({ sha: z.string() }) }),
});

/**
 * The event of GITHUB_EVENT_PATH; null outside of workflows and for events that have nothing to do with a pull request.
 *
 * @throws UserError when the file can't be read or has another shape.
 */
export function readEvent(env: NodeJS.ProcessEnv): FinishedRun | OwnRun | null {
  const { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path } = env;
  if (!name || !path) return null;
  try {
    const payload: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (name === "workflow_run") return finishedRun(workflowRun.parse(payload).workflow_run);
    if (name !== "pull_request") return null;
    const { number, head } = pullRequest.parse(payload).pull_request;
    return { kind: "pull_request", number, headSha: head.sha };
  } catch (error) {
    throw new UserError(
      `the event in GITHUB_EVENT_PATH is no ${name} as GitHub writes it: ${(error as Error).message}`,
      exitCodes.usage,
    );
  }
}

function finishedRun(run: z.infer<typeof workflowRun>["workflow_run"]): FinishedRun | null {
  if (run.event !== "pull_request") return null;
  const { head_repository: repository, head_branch: branch } = run;
  return {
    kind: "workflow_run",
    headSha: run.head_sha,
    head:
      repository === null || branch === null
        ? null
        : { owner: repository.owner.login, repository: repository.full_name, branch },
    conclusion: run.conclusion ?? "unknown",
    url: run.html_url,
  };
}
