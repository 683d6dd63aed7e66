import { setTimeout as sleep } from "node:timers/promises";
import type { GitHubClient } from "./client.ts";
import type { PullRequest } from "./pull-request.ts";

/** Seconds between two looks at a cluster that is just being stood up, and how often it is looked. */
const pause = 5;
const looks = 36;

/** States of a deployment that is still to come. */
const underWay: readonly string[] = ["pending", "queued", "in_progress", "waiting"];

/**
 * Where the pull request's own cluster answers: by the environment of the workflow that stands it up (.github/workflows/cluster.yml). One
 * that is just being stood up is waited for. Null where there is none, where it didn't come to stand, and where the token may not see it: a
 * review is shown all the same.
 *
 * @param second length of a second of waiting, in milliseconds
 */
export async function clusterUrl(
  github: GitHubClient,
  { owner, repo, number }: PullRequest,
  second: number,
): Promise<string | null> {
  try {
    for (let look = 0; look < looks; look++) {
      const state = await newestStatus(github, { owner, repo, environment: `pr-${number}` });
      if (state === null || !underWay.includes(state.state)) return linkable(state);
      await sleep(pause * second);
    }
  } catch {
    // Whatever GitHub says: a review without an address is worth more than none.
  }
  return null;
}

interface DeploymentStatus {
  readonly state: string;
  readonly environment_url?: string;
}

async function newestStatus(
  github: GitHubClient,
  { environment, ...repository }: { owner: string; repo: string; environment: string },
): Promise<DeploymentStatus | null> {
  const deployments = await github.request("GET /repos/{owner}/{repo}/deployments", {
    ...repository,
    environment,
    per_page: 1,
  });
  const [newest] = deployments.data;
  if (newest === undefined) return null;
  const statuses = await github.request("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
    ...repository,
    deployment_id: Number(newest.id),
    per_page: 1,
  });
  return statuses.data[0] ?? { state: "pending" };
}

/** An address that can stand in a Markdown link as it is: the workflow that wrote it has run the pull request's code. */
function linkable(status: DeploymentStatus | null): string | null {
  if (status?.state !== "success" || !URL.canParse(status.environment_url ?? "")) return null;
  const { href, protocol, username } = new URL(status.environment_url ?? "");
  const isPlain = /^[\w:/.?&=%~-]+$/.test(href) && username === "";
  return isPlain && ["http:", "https:"].includes(protocol) ? href : null;
}
