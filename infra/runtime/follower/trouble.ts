import type { Log } from "../warden/log.ts";

/** Says of each kind of trouble once that it begins and once that it is over, however many rounds it lasts. */
export class Trouble {
  readonly #log: Log;
  readonly #since = new Map<string, number>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param what a whole sentence without its end, e.g. `the groups can't be seen` @param now monotonic ms */
  begins(what: string, error: unknown, now: number): void {
    if (this.#since.has(what)) return;
    this.#since.set(what, now);
    this.#log.say("trouble", `${what}: ${reasonOf(error)}`);
  }

  ends(what: string, now: number): void {
    const since = this.#since.get(what);
    if (since === undefined) return;
    this.#since.delete(what);
    this.#log.say("over", `no longer: ${what}`, { seconds: Math.round((now - since) / 1000) });
  }
}

/** What AWS's clients add to an error. */
interface AwsError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
}

/**
 * An error of AWS's has a name that says more than its message; and where the answer is none of AWS's at all but a page of something
 * in between, the status is what says most.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, $metadata, $response }: AwsError = error;
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  const [line = ""] = message.split("\n");
  return `${name === "Error" ? "" : `${name}: `}${line}${status === undefined ? "" : ` (HTTP ${status})`}`;
}
