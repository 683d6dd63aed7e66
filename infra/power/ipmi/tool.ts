import { type ExecFileException, execFile } from "node:child_process";
import { inTurn } from "../turns.ts";
import { type Controller, PowerError, type PowerFailure, type PowerTimes } from "../types.ts";

/*
 * IPMI 2.0 by `ipmitool`: its sessions are a protocol of their own, with keys and ciphers, that no kept library of Node's speaks. The
 * password goes by the environment, since everybody may read another's arguments.
 */

/** The most that IPMI 2.0 takes (specification 2.0, 22.30, "Set User Password"). */
const longestPassword = 20;

/** What it says, and what that means to whoever wrote the stack. */
const meanings: readonly (readonly [RegExp, PowerFailure, string])[] = [
  [
    /unauthorized name|rakp.*(?:invalid|hmac)|password (?:verification|invalid)|RAKP 2 HMAC is invalid/i,
    "account",
    "doesn't let that account in; correct the secret that bmc.account names, and allow the account IPMI over LAN",
  ],
  [
    /insufficient privilege|privilege level|no supported cipher suites/i,
    "rights",
    "doesn't give that account the right to it; make it an Operator there",
  ],
  [
    /could not (?:find|resolve)|Address lookup .* failed/i,
    "unreachable",
    "isn't known by that name; correct bmc.host",
  ],
  [
    /unable to establish|get session challenge|no response|timeout|connection timed out|close session/i,
    "unreachable",
    "doesn't answer; is there a route to it, and is IPMI over LAN switched on?",
  ],
  [
    /invalid command|not supported|invalid data field|data, or record not found|parameter out of range/i,
    "unsupported",
    "can't do this",
  ],
];

/** What it remarks when all is well, too: old controllers don't tell their ciphers, and few know HPM. */
const asides = /^(?:Unable to Get Channel Cipher Suites|Get HPM\.x Capabilities request failed.*)$/gm;

export class IpmiTool {
  readonly #controller: Controller;
  readonly #times: PowerTimes;

  constructor(controller: Controller, times: PowerTimes) {
    this.#controller = controller;
    this.#times = times;
    if (Buffer.byteLength(controller.password) > longestPassword)
      throw this.failure(
        "account",
        `can have no password of more than ${longestPassword} bytes; choose a shorter one`,
      );
  }

  /** Runs a command and gives what it prints. @throws PowerError in one sentence */
  async run(args: readonly string[], signal?: AbortSignal): Promise<string> {
    const { host, port, user, password } = this.#controller;
    const way = ["-I", "lanplus", "-H", host, "-p", String(port ?? 623), "-U", user, "-E", "-L", "OPERATOR"];
    const seconds = Math.max(1, Math.floor(this.#times.request / 4000));
    const { exitCode, lost, stdout, stderr } = await inTurn(this.#origin, () =>
      ended([...way, "-N", String(seconds), "-R", "2", ...args], password, this.#times.request, signal),
    );
    signal?.throwIfAborted();
    if (lost === "late")
      throw this.failure(
        "unreachable",
        `has not answered within ${this.#times.request / 1000} s; is there a route to it, and is it well?`,
      );
    if (lost === "never started")
      throw this.failure(
        "unsupported",
        `speaks IPMI, and ipmitool can't be run here; install Debian's ipmitool`,
      );
    if (lost !== null)
      throw this.failure(
        "failed",
        `was not asked to the end: ipmitool here was ended by ${lost} (${args.join(" ")}); is this machine short of memory?`,
      );
    if (exitCode === 0) return stdout;
    const said = (text: string) => text.replace(asides, "").replace(/\s+/g, " ").trim().slice(0, 300);
    // Why `fru print` has read nothing is among its results, not its errors.
    const words = said(stderr) || said(stdout);
    const [, failure, meaning] = meanings.find(([pattern]) => pattern.test(words)) ?? [];
    throw failure === undefined
      ? this.failure("failed", `refused ${args.join(" ")} (${words || "without a word"})`)
      : this.failure(failure, `${meaning} (${args.join(" ")}: ${words})`);
  }

  failure(failure: PowerFailure, text: string): PowerError {
    return new PowerError(failure, `${this.#controller.server}: its controller at ${this.#origin} ${text}`);
  }

  get #origin(): string {
    return `${this.#controller.host}:${this.#controller.port ?? 623}`;
  }
}

interface Ended {
  readonly exitCode: number | null;
  /** Why there is no exit code: `never started`, `late`, or what ended it; null where there is one. */
  readonly lost: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** By Node alone: this runs beside wardens too, with the Node of Debian, which is older than what libraries for it take. */
function ended(
  args: readonly string[],
  password: string,
  timeout: number,
  signal?: AbortSignal,
): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, IPMITOOL_PASSWORD: password, LC_ALL: "C" };
    const options = { env, timeout, ...(signal === undefined ? {} : { signal }) };
    const child = execFile("ipmitool", args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      const lost = exitCode !== null ? null : lostBy(error);
      resolve({ exitCode, lost, stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** Node's `code` is a word where it couldn't be started (ENOENT, EACCES), or printed more than Node takes; `killed`: by us. */
function lostBy(error: ExecFileException | null): string {
  if (error?.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return "printing more than 1 MB";
  if (error?.killed === true) return "late";
  return error?.signal ?? "never started";
}

/** `Name : value` lines, by name in small letters. */
export function linesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((line): [string, string][] => {
      const [, name, value] = /^\s*([^:]+?)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value]];
    }),
  );
}
