import { refusal, statusOf, TooLongError } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import type { PullRequest } from "./pull-request.ts";
import { type Action, actionsFor, type Comment, type Wanted } from "./sticky.ts";

/** What was done, by topic. */
export interface Outcome {
  readonly actions: readonly Action[];
  /** Comments that were already as they should be or that got none, by topic; for a line in the log. */
  readonly untouched: readonly string[];
}

/**
 * Brings our comments in a pull request to what is wanted. After a new comment it looks again, so that of two runs at the same
 * time, which both saw none, one comment is left.
 */
export async function syncComments(
  github: GitHubClient,
  pull: PullRequest,
  wanted: Wanted,
): Promise<Outcome> {
  const author = await whoWeAre(github);
  const actions: Action[] = [];
  for (const _round of ["first", "after creating"]) {
    const round = actionsFor(await listComments(github, pull), author, wanted);
    for (const action of round) actions.push(...(await perform(github, pull, action, wanted.short)));
    if (!round.some(({ kind }) => kind === "create")) break;
  }
  const touched = new Set(actions.map(({ topic }) => topic));
  return { actions, untouched: [...wanted.bodies.keys()].filter((topic) => !touched.has(topic)).sort() };
}

/**
 * Login of the token's holder, as comments bear it. REST's `GET /user` refuses the token of a workflow; GraphQL's `viewer` tells
 * `github-actions[bot]`.
 */
async function whoWeAre(github: GitHubClient): Promise<string> {
  try {
    const { viewer } = await github.graphql<{ viewer: { login: string } }>("query { viewer { login } }");
    return viewer.login;
  } catch (error) {
    throw refusal(error, "tell whose token this is");
  }
}

/** All comments, however many pages they fill. */
async function listComments(github: GitHubClient, { owner, repo, number }: PullRequest): Promise<Comment[]> {
  try {
    const found = await github.paginate("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      owner,
      repo,
      issue_number: number,
      per_page: 100,
    });
    return found.map(({ id, user, body }) => ({
      id: Number(id),
      author: user?.login ?? null,
      body: body ?? "",
    }));
  } catch (error) {
    throw refusal(error, `read the comments of #${number}`);
  }
}

/** Does it; returns what was really done. */
async function perform(
  github: GitHubClient,
  pull: PullRequest,
  action: Action,
  short: Wanted["short"],
): Promise<Action[]> {
  try {
    await request(github, pull, action);
    return [action];
  } catch (error) {
    // Somebody has deleted the comment meanwhile: it is made again, or is gone as it should be.
    if (statusOf(error) === 404 && action.kind === "delete") return [];
    if (statusOf(error) === 404 && action.kind === "update")
      return perform(github, pull, { kind: "create", topic: action.topic, body: action.body }, short);
    const refused = refusal(error, `${action.kind} a comment in #${pull.number}`);
    const body = short.get(action.topic);
    if (!(refused instanceof TooLongError) || action.kind === "delete" || body === undefined) throw refused;
    return perform(github, pull, { ...action, body }, new Map());
  }
}

async function request(github: GitHubClient, { owner, repo, number }: PullRequest, action: Action) {
  switch (action.kind) {
    case "create":
      return github.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        owner,
        repo,
        issue_number: number,
        body: action.body,
      });
    case "update":
      return github.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
        owner,
        repo,
        comment_id: action.id,
        body: action.body,
      });
    case "delete":
      return github.request("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", {
        owner,
        repo,
        comment_id: action.id,
      });
  }
}
