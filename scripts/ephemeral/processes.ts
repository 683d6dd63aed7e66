import { endAtOnce, pids, variablesOf } from "../processes.ts";

/*
 * Processes of a cluster: commands, the engine, its language host and its providers. An engine that is killed leaves its providers behind,
 * 75 MB each and for good. Each has inherited the cluster's folder by its environment, which nobody else's has.
 */

/** Those that have the folder in their environment, but for this one. */
export function processesOf(folder: string): number[] {
  return pids().filter((pid) => variablesOf(pid).includes(`=${folder}/`));
}

/** Ends them at once. @returns how many */
export function killProcesses(folder: string): number {
  const found = processesOf(folder);
  endAtOnce(found);
  return found.length;
}
