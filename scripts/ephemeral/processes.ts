import { readdirSync, readFileSync } from "node:fs";
import type { ProcessMark } from "./record.ts";

/*
 * Processes of a cluster: commands, the engine, its language host and its providers. An engine that is killed leaves its providers behind,
 * 75 MB each and for good. Each has inherited the cluster's folder by its environment, which nobody else's has.
 */

/** This process, or another one. */
export function markOf(pid: number = process.pid): ProcessMark {
  return { pid, start: startOf(pid) };
}

/** Whether the process runs, and is the one that was meant. */
export function isAlive({ pid, start }: ProcessMark): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return start === null || startOf(pid) === start;
}

/** Ends them at once. @returns how many */
export function killProcesses(folder: string): number {
  const found = processesOf(folder);
  for (const pid of found) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
  return found.length;
}

/** Those that have the folder in their environment, but for this one; none where /proc doesn't tell. */
export function processesOf(folder: string): number[] {
  return pids().filter((pid) => pid !== process.pid && environmentOf(pid).includes(`=${folder}/`));
}

function pids(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Empty for processes of others, and for those that have ended. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}

/** The 22nd field of /proc/PID/stat (proc(5)); null for a process that has ended. What is in brackets may have spaces and brackets. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? null : (rest[18] ?? null);
  } catch {
    return null;
  }
}
