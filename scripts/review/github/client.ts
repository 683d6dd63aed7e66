import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { retry } from "@octokit/plugin-retry";
import { type ThrottlingOptions, throttling } from "@octokit/plugin-throttling";
import { exitCodes, UserError } from "../../exit.ts";

const GitHub = Octokit.plugin(paginateRest, retry, throttling);
export type GitHubClient = InstanceType<typeof GitHub>;

/** How patiently GitHub is asked. */
export interface Patience {
  /** Length of a second of waiting, in milliseconds; a test makes it shorter. */
  readonly second: number;
  /** Seconds beyond which a rate limit is not waited for: the job would pay for standing still. */
  readonly longest: number;
  /** What spaces writes, as GitHub asks for; null for the library's own: 1 s, after a new comment 3 s. */
  readonly spacing: Exclude<ThrottlingOptions["write"], undefined> | null;
}

export const usualPatience: Patience = { second: 1000, longest: 120, spacing: null };
const rateLimitRetries = 2;

/**
 * Talks to GitHub as the holder of GITHUB_TOKEN, at GITHUB_API_URL (which a GitHub Enterprise Server's runners set; default: the
 * public one). Answers of 5xx are tried again up to three times, rate limits are waited for where the wait is short.
 *
 * @param tell told of every wait
 * @throws UserError when there is no token.
 */
export function githubClient(
  env: NodeJS.ProcessEnv,
  tell: (text: string) => void,
  { second, longest, spacing }: Patience = usualPatience,
): GitHubClient {
  const auth = env.GITHUB_TOKEN || env.GH_TOKEN;
  if (!auth) {
    throw new UserError(
      "there is no token for GitHub: set GITHUB_TOKEN; docs/ci.md has the workflow for it",
      exitCodes.usage,
    );
  }
  const wait = (what: string) => (seconds: number, _request: unknown, _client: unknown, tries: number) => {
    const waits = seconds <= longest && tries < rateLimitRetries;
    if (waits) tell(`GitHub's ${what} is used up; going on in ${seconds} s`);
    return waits;
  };
  return new GitHub({
    auth,
    ...(env.GITHUB_API_URL ? { baseUrl: env.GITHUB_API_URL.replace(/\/+$/, "") } : {}),
    userAgent: "hotspare",
    // Deprecations and retries of the library are no news for a person, and one could quote a request.
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    // The library's own list, and 429: it would be tried again at once, before the wait that GitHub asks for.
    retry: { retryAfterBaseValue: second, doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451] },
    throttle: {
      retryAfterBaseValue: second,
      onRateLimit: wait("rate limit"),
      onSecondaryRateLimit: wait("secondary rate limit"),
      ...(spacing ? { write: spacing, notifications: spacing } : {}),
    },
  });
}

function ignore(): void {}
