import { setTimeout as wait } from "node:timers/promises";
import { exitCodes, UserError } from "../../exit.ts";

/** Says what GitLab refused, in words for people. */
export class GitLabError extends UserError {}

/** How patiently GitLab is asked. */
export interface Patience {
  /** Length of a second of waiting, in milliseconds; a test makes it shorter. */
  readonly second: number;
  /** Seconds beyond which a rate limit is not waited for: the job would pay for standing still. */
  readonly longest: number;
  /** Times that one request is made at most. */
  readonly tries: number;
}

const patience: Patience = { second: 1000, longest: 120, tries: 4 };

/** What of GitLab's API (v4) is asked. */
export interface GitLabClient {
  get(path: string): Promise<unknown>;
  /** All pages of a list. */
  list(path: string): Promise<unknown[]>;
  send(method: "POST" | "PUT" | "DELETE", path: string, body?: { readonly body: string }): Promise<void>;
}

/**
 * Talks to GitLab as the holder of GITLAB_TOKEN, at CI_API_V4_URL (which GitLab's runners set; default: gitlab.com). Answers of 429 and 5xx
 * are tried again; how long a 429 asks to wait is waited. The token is in no message.
 *
 * @param tell told of every wait
 * @throws UserError when there is no token
 */
export function gitlabClient(
  env: NodeJS.ProcessEnv,
  tell: (text: string) => void,
  { second, longest, tries }: Patience = patience,
): GitLabClient {
  const token = env.GITLAB_TOKEN;
  if (!token)
    throw new UserError(
      "there is no token for GitLab: set GITLAB_TOKEN; docs/ci-elsewhere.md has the pipeline for it",
      exitCodes.usage,
    );
  const base = (env.CI_API_V4_URL || "https://gitlab.com/api/v4").replace(/\/+$/, "");

  async function request(method: string, path: string, body?: object): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { "PRIVATE-TOKEN": token as string, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: "error",
        signal: AbortSignal.timeout(60_000),
      }).catch((error: Error) => error);
      const status = response instanceof Error ? 0 : response.status;
      if (!(response instanceof Error) && response.ok) return response;
      const asked = response instanceof Error ? null : Number(response.headers.get("retry-after"));
      const seconds = asked || attempt ** 2;
      // A new note whose answer was lost may be there; of two the caller leaves one.
      const again = status === 429 || status >= 500 || (status === 0 && method !== "POST");
      if (!again || attempt >= tries || seconds > longest) throw await refusal(response, method, path);
      tell(`GitLab answered ${status || "nothing"}; trying again in ${seconds} s`);
      await wait(seconds * second);
    }
  }

  return {
    get: async (path) => (await request("GET", path)).json(),
    send: async (method, path, body) => {
      await (await request(method, path, body)).body?.cancel();
    },
    list: async (path) => {
      const found: unknown[] = [];
      for (let page = "1"; page !== ""; ) {
        const response = await request("GET", `${path}?per_page=100&sort=asc&page=${page}`);
        found.push(...((await response.json()) as unknown[]));
        page = response.headers.get("x-next-page") ?? "";
      }
      return found;
    },
  };
}

const hints: Readonly<Record<number, string>> = {
  401: "The token is wrong or has expired.",
  403: "The token needs the scope `api` and the role Reporter or more in the project; a job's own CI_JOB_TOKEN can't write notes.",
  404: "The project or the merge request is not there, or the token may not see it.",
  429: "Run the job again in some minutes; what is done is not done twice.",
};

async function refusal(response: Response | Error, method: string, path: string): Promise<GitLabError> {
  const what = `GitLab could not do ${method} ${path}`;
  if (response instanceof Error) return new GitLabError(`${what}: ${response.message}`);
  const said = (await response.text().catch(() => "")).slice(0, 300);
  return new GitLabError(`${what}: ${response.status} ${said}. ${hints[response.status] ?? ""}`.trim());
}
