import { isAlive } from "../processes.ts";
import { now } from "./clock.ts";
import { dueFor, type EphemeralRecord } from "./record.ts";
import { type Removed, remove } from "./remove.ts";
import { abandoned, all, removeFolder, unreadable } from "./store.ts";

/** A cluster whose time is over, and why. */
export interface Due {
  readonly record: EphemeralRecord;
  readonly why: string;
}

export function due(): Due[] {
  return all().flatMap((record) => {
    const why = dueFor(record, now(), isAlive);
    return why === null ? [] : [{ record, why }];
  });
}

/** Removes every cluster whose time is over. A failure with one leaves the others to be removed. */
export async function sweepDue(onRemoved: (removed: Removed, why: string) => void): Promise<unknown[]> {
  for (const name of abandoned()) removeFolder(name);
  const swept = await Promise.allSettled(
    due().map(async ({ record, why }) => onRemoved(await remove(record), why)),
  );
  const failed = swept.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  return [...failed, ...unreadable().map((why) => new Error(why))];
}
