import { z } from "zod";
import { exitCodes, UserError } from "../../exit.ts";
import { wantedComments } from "../github/bodies.ts";
import { readReports } from "../github/reports.ts";
import { type Action, actionsFor, type Comment, type Wanted } from "../github/sticky.ts";
import { type GitLabClient, gitlabClient, type Patience } from "./client.ts";

export interface NoteRequest {
  /** Files with saved reviews, or folders with all of a run. */
  readonly paths: readonly string[];
  /** Its number in the project (`iid`); null: CI_MERGE_REQUEST_IID. */
  readonly mergeRequest: number | null;
  /** `group/name`; null: CI_PROJECT_ID. */
  readonly repository: string | null;
  /** Path of the project in its repository, `.` for all of it. */
  readonly project?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Told of what a person should know meanwhile. */
  readonly tell: (text: string) => void;
  readonly patience?: Patience;
}

/** What came of it. */
export type Noted =
  | { readonly kind: "posted"; readonly mergeRequest: number; readonly actions: readonly Action[] }
  | { readonly kind: "nothing"; readonly reason: string };

const user = z.object({ username: z.string() });
const mergeRequest = z.object({ state: z.string(), sha: z.string() });
const notes = z.array(
  z.object({ id: z.number(), body: z.string(), system: z.boolean(), author: user.nullable() }),
);

/**
 * Shows saved reviews in a merge request: one note a stack, found again by its first line and its author.
 *
 * @throws UserError when they can't be shown, or when some are no reviews; those that are have been shown then
 */
export async function noteReviews(request: NoteRequest): Promise<Noted> {
  const { env, paths, tell } = request;
  const iid = request.mergeRequest ?? Number(env.CI_MERGE_REQUEST_IID || 0);
  const project = request.repository ?? env.CI_PROJECT_ID;
  if (!Number.isInteger(iid) || iid < 1 || !project)
    throw new UserError(
      "no merge request is named: say --merge-request <number> and --repository group/name, or run in a merge request's pipeline",
      exitCodes.usage,
    );
  const reports = readReports(paths);
  if (reports.reviews.length === 0 && reports.problems.length === 0)
    throw new UserError(`there is no report in ${paths.join(", ")}`, exitCodes.usage);
  const gitlab = gitlabClient(env, tell, request.patience);
  const path = `/projects/${encodeURIComponent(project)}/merge_requests/${iid}`;
  const { state, sha } = mergeRequest.parse(await gitlab.get(path));
  // In a pipeline of merged results the branch's own commit is another variable.
  const ours = env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || env.CI_COMMIT_SHA;
  const isOwnRun = request.mergeRequest === null;
  if (state !== "opened" || (isOwnRun && ours && ours !== sha))
    return { kind: "nothing", reason: "the merge request is closed, or has a newer commit by now" };
  const about = { project: request.project, commit: sha, runUrl: env.CI_JOB_URL ?? null, conclusion: null };
  const actions = await sync(gitlab, `${path}/notes`, wantedComments(reports, about));
  if (reports.problems.length > 0)
    throw new UserError(`not all reports could be used: ${reports.problems.join("; ")}`);
  return { kind: "posted", mergeRequest: iid, actions };
}

/** After a new note it looks again, so that of two runs at the same time, which both saw none, one note is left. */
async function sync(gitlab: GitLabClient, path: string, wanted: Wanted): Promise<Action[]> {
  const { username } = user.parse(await gitlab.get("/user"));
  const done: Action[] = [];
  for (const _round of ["first", "after creating"]) {
    const round = actionsFor(await notesOf(gitlab, path), username, wanted);
    for (const action of round) await perform(gitlab, path, action);
    done.push(...round);
    if (!round.some(({ kind }) => kind === "create")) break;
  }
  return done;
}

async function notesOf(gitlab: GitLabClient, path: string): Promise<Comment[]> {
  return notes
    .parse(await gitlab.list(path))
    .filter(({ system }) => !system)
    .map(({ id, body, author }) => ({ id, body, author: author?.username ?? null }));
}

async function perform(gitlab: GitLabClient, path: string, action: Action): Promise<void> {
  if (action.kind === "create") await gitlab.send("POST", path, { body: action.body });
  else if (action.kind === "update") await gitlab.send("PUT", `${path}/${action.id}`, { body: action.body });
  else await gitlab.send("DELETE", `${path}/${action.id}`);
}
