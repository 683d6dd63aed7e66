import { UserError } from "../../exit.ts";

/*
 * GitHub's refusals in words for people. Its own messages are kept: they hold no token, and the request, which does, is never shown.
 */

/** GitHub refuses for want of rights; another way to show the review may be left. */
export class ForbiddenError extends UserError {}

/** GitHub takes no comment of this length. */
export class TooLongError extends UserError {}

/** Status of GitHub's answer; null when there was none. */
export function statusOf(error: unknown): number | null {
  const status = (error as { status?: unknown }).status;
  return typeof status === "number" ? status : null;
}

/** @param what what could not be done, as in "GitHub did not …" */
export function refusal(error: unknown, what: string): UserError {
  const message = error instanceof Error ? error.message : String(error);
  const said = `GitHub could not ${what}: ${message}`;
  const status = statusOf(error);
  if (isRateLimit(error, message)) return new UserError(`${said}. ${resetHint(error)}`);
  if (status === 401) return new UserError(`${said}. The token is wrong or has expired.`);
  if (status === 403) return new ForbiddenError(`${said}. ${forbiddenHint(message)}`);
  if (status === 404)
    return new UserError(
      `${said}. The repository or the pull request is not there, or the token may not see it.`,
    );
  if (status === 422 && /too long/i.test(message)) return new TooLongError(said);
  if (status === 410) return new UserError(`${said}. Issues and their comments are switched off there.`);
  return new UserError(said);
}

function isRateLimit(error: unknown, message: string): boolean {
  const status = statusOf(error);
  return (
    status === 429 ||
    (status === 403 && (/rate limit/i.test(message) || header(error, "x-ratelimit-remaining") === "0"))
  );
}

function resetHint(error: unknown): string {
  const seconds = Number(header(error, "x-ratelimit-reset"));
  const when = seconds > 0 ? `after ${new Date(seconds * 1000).toISOString()}` : "in some minutes";
  return `Run the job again ${when}; what is done is not done twice.`;
}

function forbiddenHint(message: string): string {
  return /locked/i.test(message)
    ? "Its conversation is locked: unlock it, or give the token to somebody who may write there."
    : "The token needs `permissions: pull-requests: write`; in a workflow on `pull_request` from a fork it never has it, so comment in a second workflow on `workflow_run` (docs/ci.md).";
}

function header(error: unknown, name: string): string | undefined {
  const { response } = error as { response?: { headers?: Record<string, string | undefined> } };
  return response?.headers?.[name];
}
