import { groundOf } from "./ground.ts";
import { killProcesses } from "./processes.ts";
import { type EphemeralRecord, ownershipOf } from "./record.ts";
import { change, folderOf, isStill, removeFolder } from "./store.ts";

/** What was removed of a cluster. */
export interface Removed {
  readonly name: string;
  readonly processes: number;
  /** Containers, networks and volumes. */
  readonly things: number;
}

/**
 * Removes all of a cluster, whatever is at work on it: it has an owner of its own, so no state is needed to know what it is. Its folder
 * goes last; until then whatever is left can be found again. Several may do so at once, and one may come late, when another cluster
 * has the name: that one's programs and folder are left alone.
 */
export async function remove(record: EphemeralRecord): Promise<Removed> {
  const { name } = record;
  if (isStill(record)) change(name, { state: "going" });
  const processes = isStill(record) ? killProcesses(folderOf(name)) : 0;
  const things = await (await groundOf(record)).remove(ownershipOf(record));
  if (isStill(record)) removeFolder(name);
  return { name, processes, things };
}
