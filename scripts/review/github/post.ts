import { exitCodes, UserError } from "../../exit.ts";
import { ForbiddenError } from "./answers.ts";
import { type About, wantedComments } from "./bodies.ts";
import { type GitHubClient, githubClient, type Patience, usualPatience } from "./client.ts";
import { clusterUrl } from "./cluster-url.ts";
import { type Outcome, syncComments } from "./comments.ts";
import { type FinishedRun, type OwnRun, readEvent } from "./event.ts";
import {
  type PullRequest,
  parseRepository,
  pullRequestOf,
  pullRequestOfRun,
  type Repository,
} from "./pull-request.ts";
import { type Reports, readReports } from "./reports.ts";
import { writeStepSummary } from "./step-summary.ts";

export interface PostRequest {
  /** Files with saved reviews, or folders with all of a run. */
  readonly paths: readonly string[];
  /** Null: that of the workflow's event. */
  readonly pullRequest: number | null;
  /** `owner/name`; null: GITHUB_REPOSITORY. */
  readonly repository: string | null;
  /** Path of the project in its repository, `.` for all of it. */
  readonly project?: string;
  /** Whether the comments lead to the pull request's own cluster; by default they don't. */
  readonly cluster?: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** Told of what a person should know meanwhile. */
  readonly tell: (text: string) => void;
  readonly patience?: Patience;
}

/** What came of it. */
export type Posted =
  | { readonly kind: "posted"; readonly pullRequest: number; readonly outcome: Outcome }
  /** There was nothing to comment on, or no way to; `reason` is for people. */
  | { readonly kind: "nothing"; readonly reason: string };

/** Ways of a run to end that say nothing of its reviews: it was called off, or another will follow. */
const silentEnds: readonly string[] = ["cancelled", "skipped", "action_required", "stale"];

/**
 * Shows saved reviews in a pull request. Where that fails, they are written to the job's summary, so that they can be read all the
 * same.
 *
 * @throws UserError when they can't be shown, or when some are no reviews; those that are have been shown then.
 */
export async function postReviews(request: PostRequest): Promise<Posted> {
  const { env, paths, tell } = request;
  const event = request.pullRequest === null ? readEvent(env) : null;
  if (event?.kind === "workflow_run" && silentEnds.includes(event.conclusion))
    return { kind: "nothing", reason: `the run of the review ended with "${event.conclusion}"` };
  const reports = readReports(paths, event?.kind === "workflow_run");
  if (event?.kind !== "workflow_run" && reports.reviews.length === 0 && reports.problems.length === 0)
    throw new UserError(`there is no report in ${paths.join(", ")}`, exitCodes.usage);
  const repository = parseRepository(request.repository ?? env.GITHUB_REPOSITORY);
  const github = githubClient(env, tell, request.patience);
  const pull = await findPullRequest(github, repository, event, request.pullRequest, reports);
  if (pull === null)
    return { kind: "nothing", reason: "the pull request is closed, or has a newer commit by now" };

  const second = (request.patience ?? usualPatience).second;
  const url = request.cluster === true ? await clusterUrl(github, pull, second) : null;
  const circumstances = { ...about(pull, event, request), clusterUrl: url };
  const posted = await sync(github, pull, reports, circumstances, env);
  if (reports.problems.length > 0)
    throw new UserError(`not all reports could be used: ${reports.problems.join("; ")}`);
  return posted;
}

type Event = FinishedRun | OwnRun | null;

async function findPullRequest(
  github: GitHubClient,
  repository: Repository,
  event: Event,
  number: number | null,
  { reviews }: Reports,
): Promise<PullRequest | null> {
  if (number !== null) return pullRequestOf(github, repository, number);
  if (event === null)
    throw new UserError(
      "no pull request is named: say --pull-request <number>, or run in a workflow on pull_request or workflow_run",
      exitCodes.usage,
    );
  if (event.kind === "workflow_run")
    return pullRequestOfRun(
      github,
      repository,
      event,
      reviews.map(({ base }) => base.ref),
    );
  const pull = await pullRequestOf(github, repository, event.number);
  return pull.headSha === event.headSha ? pull : null;
}

async function sync(
  github: GitHubClient,
  pull: PullRequest,
  reports: Reports,
  circumstances: About & { readonly event: Event },
  env: NodeJS.ProcessEnv,
): Promise<Posted> {
  const { event } = circumstances;
  const wanted = wantedComments(reports, circumstances);
  try {
    return {
      kind: "posted",
      pullRequest: pull.number,
      outcome: await syncComments(github, pull, wanted),
    };
  } catch (error) {
    const shown = writeStepSummary(env, [...wanted.bodies.values()]);
    // No fault of anybody: GitHub gives runs of a fork's code no right to write, whatever the workflow asks for.
    const isExpected = error instanceof ForbiddenError && event?.kind === "pull_request" && pull.fromFork;
    if (!shown || !(error instanceof UserError)) throw error;
    const reason = `${error.message} The report is in the job's summary.`;
    if (isExpected) return { kind: "nothing", reason };
    throw new UserError(reason, error.exitCode);
  }
}

function about(
  pull: PullRequest,
  event: Event,
  { env, project }: PostRequest,
): About & { readonly event: Event } {
  const finished = event?.kind === "workflow_run" ? event : null;
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  const ownUrl = server && repository && run ? `${server}/${repository}/actions/runs/${run}` : null;
  return {
    event,
    project,
    commit: pull.headSha,
    runUrl: finished?.url ?? ownUrl,
    conclusion: finished?.conclusion ?? null,
  };
}
