import { z } from "zod";
import { exitCodes, UserError } from "../exit.ts";
import { whoRuns } from "../history/message.ts";
import { visibleLine } from "../visible.ts";
import { pulumi } from "./command.ts";
import { explain } from "./stack.ts";

/*
 * A lock that a person puts on a stack: "nobody changes this now". It is a tag of the stack in the backend, so whoever shares the
 * backend meets it, on whatever machine. Pulumi's own lock is for the length of one operation, and tells no reason.
 */

/** The tag's name. */
const tag = "hotspare:lock";
/** Characters that Pulumi's service takes as a tag's value. */
const longestTag = 256;
/** A reason without quotes and line breaks, which take two characters each, fits with this length whoever says it. */
export const longestReason = 120;
/** Pulumi's exit code for a stack that there isn't. */
const noSuchStack = 6;

const lockSchema = z.object({ by: z.string(), at: z.iso.datetime(), reason: z.string() });

export type TeamLock = z.infer<typeof lockSchema>;

/** The lock on a stack; null where there is none, or no such stack. @throws UserError when the backend can't be read */
export async function teamLock(stack: string): Promise<TeamLock | null> {
  const listed = await pulumi(["stack", "tag", "ls", "--json", "--stack", stack]);
  if (listed.exitCode === noSuchStack) return null;
  if (listed.exitCode !== 0)
    throw new UserError(`whether "${stack}" is locked could not be read: ${explain(listed)}`);
  const { [tag]: value } = JSON.parse(listed.stdout || "{}") as Record<string, string | undefined>;
  return value === undefined ? null : parseLock(value);
}

/** A lock that can't be read locks as well: somebody meant it. */
export function parseLock(value: string): TeamLock {
  try {
    return lockSchema.parse(JSON.parse(value));
  } catch {
    return { by: "somebody", at: new Date(0).toISOString(), reason: visibleLine(value).slice(0, 200) };
  }
}

/** Puts a lock on a stack that has none. @throws UserError where there is one, or no such stack */
export async function lockStack(stack: string, reason: string, now = new Date()): Promise<TeamLock> {
  if (reason.trim() === "" || reason.length > longestReason)
    throw new UserError(
      `--reason: say in 1 to ${longestReason} characters why nobody shall change "${stack}"`,
      exitCodes.usage,
    );
  const lock: TeamLock = { by: whoRuns().slice(0, 80), at: now.toISOString(), reason: reason.trim() };
  const value = JSON.stringify(lock);
  if (value.length > longestTag)
    throw new UserError(
      `--reason: with its quotes and control characters it is ${value.length - longestTag} characters longer than a lock can be; shorten it, or leave those out`,
      exitCodes.usage,
    );
  await refuseLocked(stack, "lock it again");
  const set = await pulumi(["stack", "tag", "set", tag, value, "--stack", stack]);
  if (set.exitCode === noSuchStack)
    throw new UserError(
      `the backend knows no stack "${stack}" that could be locked; \`./hotspare up ${stack}\` makes it`,
      exitCodes.nothingThere,
    );
  if (set.exitCode !== 0) throw new UserError(`"${stack}" could not be locked: ${explain(set)}`);
  return lock;
}

/** Takes the lock away. @returns the lock that was there; null where there was none */
export async function unlockStack(stack: string): Promise<TeamLock | null> {
  const lock = await teamLock(stack);
  if (lock === null) return null;
  const removed = await pulumi(["stack", "tag", "rm", tag, "--stack", stack]);
  if (removed.exitCode !== 0)
    throw new UserError(`the lock on "${stack}" could not be removed: ${explain(removed)}`);
  return lock;
}

/** @param what would have been done, e.g. `up` @throws UserError where somebody has locked the stack */
export async function refuseLocked(stack: string, what: string): Promise<void> {
  const lock = await teamLock(stack);
  if (lock === null) return;
  throw new UserError(
    `${tellLock(stack, lock)}, so this does not ${what}; ask them, then \`./hotspare unlock ${stack}\``,
    exitCodes.locked,
  );
}

/** `"dev" is locked by alice@desk since 2026-03-01 14:02 UTC: "the fair"`. */
export function tellLock(stack: string, { by, at, reason }: TeamLock): string {
  const when = at.slice(0, 16).replace("T", " ");
  return `"${stack}" is locked by ${visibleLine(by)} since ${when} UTC (${visibleLine(reason)})`;
}
