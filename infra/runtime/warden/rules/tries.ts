import { own } from "../own.ts";
import type { NodeMemory, Timers } from "../types.ts";

/** A node of a pool of which a warden was told nothing gets this long until it must answer its checks. */
const usualStartup = 60_000;
/** What is known of a machine's power may be so old. */
export const powerLag = 2_000;
/** Longest pause between two tries. */
export const longestBackoff = 300_000;
/** After this long a node that was given up gets new tries: what kept it down may have gone. */
export const rest = 600_000;

/** How long a node of this pool may take to start. */
export function startupOf({ startup }: Timers, pool: string): number {
  return own(startup, pool) ?? usualStartup;
}

/** Whether a power action on the node may be tried (again) now. */
export function mayTry({ tries, triedAt }: NodeMemory, { restart }: Timers, now: number): boolean {
  if (triedAt === null || tries === 0) return true;
  const pause = tries >= restart.tries ? rest : Math.min(longestBackoff, restart.backoff * 2 ** (tries - 1));
  return now - triedAt >= pause;
}

/** The memory after one more try. After a rest the count begins again. */
export function tried(memory: NodeMemory, { restart }: Timers, now: number): NodeMemory {
  return { ...memory, tries: memory.tries >= restart.tries ? 1 : memory.tries + 1, triedAt: now };
}
