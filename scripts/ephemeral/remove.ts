import { groundOf } from "./ground.ts";
import { killProcesses } from "./processes.ts";
import { type EphemeralRecord, ownershipOf } from "./record.ts";
import { folderOf, removeFolder } from "./store.ts";

/** What was removed of a cluster. */
export interface Removed {
  readonly name: string;
  readonly processes: number;
  /** Containers, networks and volumes. */
  readonly things: number;
}

/**
 * Removes all of a cluster, whatever is at work on it: it has an owner of its own, so no state is needed to know what it is. Its folder
 * goes last; until then whatever is left can be found again.
 */
export async function remove(record: EphemeralRecord): Promise<Removed> {
  const { name } = record;
  const processes = killProcesses(folderOf(name));
  const things = await (await groundOf(record)).remove(ownershipOf(record));
  removeFolder(name);
  return { name, processes, things };
}
