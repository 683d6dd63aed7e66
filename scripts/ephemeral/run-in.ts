import { createInterface } from "node:readline";
import { execa } from "execa";
import { cliFile } from "../cli-file.ts";
import { exitCodes, UserError } from "../exit.ts";
import { killProcesses } from "./processes.ts";
import { folderOf, known } from "./store.ts";
import { environmentIn } from "./surroundings.ts";

export interface Watch {
  /** Gets what a command writes for people, line by line. */
  readonly told: (line: string) => void;
  /** Ends it, with all that it has started, at once. */
  readonly signal?: AbortSignal | undefined;
}

/** How a command on a cluster ended. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs one of the kit's commands on a cluster.
 *
 * @throws UserError with what it wrote, and with its exit code, when that isn't 0
 */
export async function runIn(name: string, args: readonly string[], watch: Watch): Promise<Ran> {
  const ran = await tryIn(name, args, watch);
  if (ran.exitCode === 0) return ran;
  const { error } = jsonOf(ran.stdout);
  throw new UserError(
    error?.message ?? (ran.stderr.trim() || `${args[0]} ended with ${ran.exitCode}`),
    ran.exitCode,
  );
}

/** @throws UserError when a person has pressed Ctrl-C meanwhile */
export function mustGoOn({ signal }: Watch): void {
  if (signal?.aborted) throw new UserError("interrupted", exitCodes.interrupted);
}

/** The same, whatever its exit code is. */
export async function tryIn(name: string, args: readonly string[], { told, signal }: Watch): Promise<Ran> {
  const child = execa(process.execPath, [cliFile, ...args], {
    env: environmentIn(known(name)),
    extendEnv: false,
    stdin: "ignore",
    // Ctrl-C is ours: whoever is interrupted removes the cluster, and its commands with it.
    detached: true,
    reject: false,
  });
  createInterface({ input: child.stderr }).on("line", told);
  const end = () => void killProcesses(folderOf(name));
  signal?.addEventListener("abort", end);
  const { exitCode, stdout, stderr } = await child;
  signal?.removeEventListener("abort", end);
  return { exitCode: exitCode ?? exitCodes.failed, stdout, stderr };
}

function jsonOf(text: string): { error?: { message: string } } {
  try {
    return JSON.parse(text) as { error?: { message: string } };
  } catch {
    return {};
  }
}
