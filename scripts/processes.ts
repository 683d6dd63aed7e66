import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { alive } from "./toolchain/lock.mjs";

/*
 * Processes of this machine, by /proc (proc(5)). Where that isn't there, nothing is found.
 */

/** A process, told apart from a later one of the same number by when it began. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks after the machine's start; null where /proc tells nothing. */
  readonly start: string | null;
  /** Where that number means anything: a home folder may be shared by machines, and by containers. */
  readonly where: string;
}

/** This process, or another one. */
export function markOf(pid: number = process.pid): ProcessMark {
  return { pid, start: statOf(pid)?.start ?? null, where: whereWeAre() };
}

/** Whether the process runs, and is the one that was meant. Of one elsewhere nothing is known, so it is taken to run. */
export function isAlive({ pid, start, where }: ProcessMark): boolean {
  if (where !== whereWeAre()) return true;
  if (!alive(pid)) return false;
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
  return read(pid, "environ", "utf8");
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

/** This machine, and on it the space of processes that we see. */
function whereWeAre(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

function read(pid: number, file: string, encoding: "latin1" | "utf8" = "latin1"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, encoding);
  } catch {
    return "";
  }
}
