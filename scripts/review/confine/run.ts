import { constants } from "node:os";
import { Readable } from "node:stream";
import { execa } from "execa";
import type { Confinement } from "../../../components/review/types.ts";
import { bareEnvironment } from "./environment.ts";
import { jailed } from "./jail.ts";

/** A revision's folder, and how its code is held back. */
export interface Confined {
  readonly folder: string;
  /** Where its processes may write what they keep for a person. */
  readonly home: string;
  /** Empty; for a jail's file tree. */
  readonly root: string;
  /** What may be read. */
  readonly paths: readonly string[];
  readonly layers: Confinement;
  readonly signal: AbortSignal;
}

export interface RunOptions {
  /** Milliseconds after which it is ended. */
  readonly deadline: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Most bytes of what it hands over: its stdout, or file descriptor 3 where that is wanted. */
  readonly most: number;
  /** Whether it answers on file descriptor 3; then stdout is of no interest. */
  readonly answers?: boolean;
}

export interface RunResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** How it ended, in words. */
  readonly how: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly answer: Buffer;
}

/** Of what a process says beside what it hands over, in bytes; one that says more is ended. */
const mostWords = 1_000_000;

/** Runs Node in a process group of its own, of which nothing is left when it has ended, nor when time or a person ends it. */
export async function runConfined(
  confined: Confined,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const { home, folder, signal } = confined;
  const child = execa(...commandLine(confined, [...permissions(confined), ...args]), {
    cwd: folder,
    env: { ...bareEnvironment(home), ...options.env },
    extendEnv: false,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    encoding: "buffer",
    stripFinalNewline: false,
    reject: false,
    detached: true,
    maxBuffer: 2 * Math.max(options.most, mostWords),
  });
  const tooMuch = watchOutput(child.stdio, options, () => end());
  let timedOut = false;
  const end = () => killGroup(child.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, options.deadline);
  signal.addEventListener("abort", end);
  child.nodeChildProcess.once("exit", end);
  const result = await child;
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  const text = (index: number) => Buffer.from((result.stdio[index] as Uint8Array | undefined) ?? []);
  const killedBy = result.signal ?? signalOf(result.exitCode);
  return {
    exitCode: killedBy === undefined ? (result.exitCode ?? null) : null,
    timedOut,
    how: timedOut
      ? `it did not end within ${options.deadline / 60_000} minutes`
      : tooMuch()
        ? "it was ended, since it printed more than any stack has to say"
        : killedBy
          ? `it was ended by ${killedBy}`
          : `exit code ${result.exitCode}`,
    stdout: text(1).toString(),
    stderr: text(2).toString(),
    answer: text(3),
  };
}

/** Ends a process that says too much; what it says is kept until then, and no longer than a moment more. */
function watchOutput(
  streams: readonly unknown[],
  { most, answers }: RunOptions,
  end: () => void,
): () => boolean {
  let tooMuch = false;
  for (const [index, stream] of streams.entries()) {
    const limit = index === 3 || (index === 1 && !answers) ? most : mostWords;
    let bytes = 0;
    if (index === 0 || !(stream instanceof Readable)) continue;
    stream.on("data", (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes <= limit || tooMuch) return;
      tooMuch = true;
      end();
    });
  }
  return () => tooMuch;
}

/** As a shell tells of a command that a signal has ended: 128 and the signal's number. */
function signalOf(exitCode: number | undefined): string | undefined {
  if (exitCode === undefined || exitCode <= 128) return undefined;
  return Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0];
}

/** Node's permission model (https://nodejs.org/api/permissions.html): what isn't named here is refused. */
function permissions({ layers, paths, home }: Confined): string[] {
  if (!layers.permissions) return [];
  const read = [...paths, home].map((path) => `--allow-fs-read=${path}`);
  return ["--permission", ...read, `--allow-fs-write=${home}`];
}

function commandLine({ layers, ...jail }: Confined, args: readonly string[]): [string, string[]] {
  return layers.namespaces ? jailed(jail, [process.execPath, ...args]) : [process.execPath, [...args]];
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it runs any more.
  }
}
