import { readdirSync, readFileSync } from "node:fs";

/*
 * Processes of this machine, by /proc (proc(5)). Where that isn't there, nothing is found.
 */

/** A process, told apart from a later one of the same number by when it began. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks after the machine's start; null where /proc tells nothing. */
  readonly start: string | null;
}

/** This process, or another one. */
export function markOf(pid: number = process.pid): ProcessMark {
  return { pid, start: statOf(pid)?.start ?? null };
}

/** Whether the process runs, and is the one that was meant. */
export function isAlive({ pid, start }: ProcessMark): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return start === null || statOf(pid)?.start === start;
}

/** All but this one. */
export function pids(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map(Number);
  } catch {
    return [];
  }
}

/** The variables that it was started with, each ended by a zero; empty for processes of others, and for those that have ended. */
export function variablesOf(pid: number): string {
  return read(pid, "environ");
}

/** Name of its program, at most 15 characters; empty for one that has ended. */
export function programOf(pid: number): string {
  return read(pid, "comm").trim();
}

/** Number of its parent; null for one that has ended. */
export function parentOf(pid: number): number | null {
  return statOf(pid)?.parent ?? null;
}

/** Ends them at once. What has ended by itself is left out. */
export function endAtOnce(processes: readonly number[]): void {
  for (const pid of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** What is in brackets, the program's name, may have spaces and brackets; behind it come the 3rd field and so on. */
function statOf(pid: number): { readonly parent: number; readonly start: string | null } | null {
  const text = read(pid, "stat");
  const [state, parent, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (text === "" || state === "Z") return null;
  return { parent: Number(parent), start: rest[17] ?? null };
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}
