import { exitCodes, UserError } from "../../exit.ts";
import { refusal } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import type { FinishedRun } from "./event.ts";

/** A pull request of a repository, at its newest commit. */
export interface PullRequest {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  /** Commit at its head. */
  readonly headSha: string;
  /** Whether its head is in another repository, whose workflows never get a token that may write here. */
  readonly fromFork: boolean;
}

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** What of GitHub's answer is needed. A fork that is gone is null. */
interface Listed {
  readonly number: number;
  readonly head: { readonly sha: string; readonly repo: { readonly full_name: string } | null };
  readonly base: { readonly ref: string };
}

/** @param text `owner/name` @throws UserError for anything else. */
export function parseRepository(text: string | undefined): Repository {
  const [owner, repo, ...rest] = (text ?? "").split("/");
  if (owner && repo && rest.length === 0) return { owner, repo };
  throw new UserError(
    `${text ? `"${text}" is no repository` : "no repository is named"}: say --repository owner/name, or set GITHUB_REPOSITORY`,
    exitCodes.usage,
  );
}

/** The pull request of this number. */
export async function pullRequestOf(
  github: GitHubClient,
  repository: Repository,
  number: number,
): Promise<PullRequest> {
  try {
    const { data } = await github.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
      ...repository,
      pull_number: number,
    });
    return known(repository, data);
  } catch (error) {
    throw refusal(error, `show pull request #${number}`);
  }
}

/**
 * The open pull request whose head a finished run has looked at; null when there is none any more: it is closed, or has a newer
 * commit, whose own run will follow.
 *
 * The run's reports come from code of that head, so which pull request it is must not be taken from them. GitHub is asked by owner
 * and branch: for commits that are in a fork only, its list of pull requests of a commit is empty. The head's commit must be the
 * run's. Where one head has pull requests into several branches, the branch that the reports were made against decides.
 *
 * @param bases refs that the reports name as their base; not trusted beyond that choice
 */
export async function pullRequestOfRun(
  github: GitHubClient,
  repository: Repository,
  run: FinishedRun,
  bases: readonly string[],
): Promise<PullRequest | null> {
  if (run.head === null) return null;
  const { owner, branch, repository: headRepository } = run.head;
  const listed = await listPullRequests(github, repository, `${owner}:${branch}`);
  const matching = listed.filter(
    ({ head }) => head.sha === run.headSha && head.repo?.full_name === headRepository,
  );
  const [first, ...more] = matching;
  if (first === undefined) return null;
  if (more.length === 0) return known(repository, first);
  const [chosen, ...others] = matching.filter(({ base }) => bases.some((ref) => namesBranch(ref, base.ref)));
  if (chosen !== undefined && others.length === 0) return known(repository, chosen);
  throw new UserError(
    `pull requests ${matching.map(({ number }) => `#${number}`).join(", ")} have the same head, and the reports' base doesn't tell which one they are for; say --pull-request`,
  );
}

async function listPullRequests(
  github: GitHubClient,
  repository: Repository,
  head: string,
): Promise<Listed[]> {
  try {
    const options = { ...repository, state: "open" as const, head, per_page: 100 };
    return await github.paginate("GET /repos/{owner}/{repo}/pulls", options);
  } catch (error) {
    throw refusal(error, "list the pull requests");
  }
}

/** Whether a ref as people write it, such as `origin/main`, means the branch `main`. */
function namesBranch(ref: string, branch: string): boolean {
  return ref === branch || ref.endsWith(`/${branch}`);
}

function known({ owner, repo }: Repository, { number, head }: Listed): PullRequest {
  const here = `${owner}/${repo}`.toLowerCase();
  return {
    owner,
    repo,
    number,
    headSha: head.sha,
    fromFork: head.repo?.full_name.toLowerCase() !== here,
  };
}
