import { readFileSync } from "node:fs";
import { exitCodes, UserError } from "../exit.ts";
import type { EphemeralPlace, StackOwnership } from "../platforms/contract.ts";
import type { ProcessMark } from "../processes.ts";
import { type Clock, ended, type Moment } from "./clock.ts";

/** Version of what a cluster's file says. */
export const recordSchema = "hotspare.ephemeral/1";

/** What is known of a cluster for a while. Stands in its folder from before anything of it is made until all of it is gone. */
export interface EphemeralRecord {
  readonly schema: typeof recordSchema;
  readonly name: string;
  /** Kind of the platform that it stands on, and where that was reached. */
  readonly platform: string;
  readonly place: EphemeralPlace;
  /** Id of the stack that it was made from. */
  readonly stack: string;
  /** Of everything that it consists of; nothing else bears it. */
  readonly owner: string;
  /** Its network and its ports on this machine, so that no other cluster takes them meanwhile. */
  readonly subnet: string;
  readonly ports: readonly number[];
  /** ISO 8601. */
  readonly created: string;
  readonly expires: Moment;
  /** Who stands it up, until it stands. */
  readonly starter: ProcessMark | null;
  /** A test, say, whose end is the cluster's; null for one that stands until its time is over. */
  readonly holder: ProcessMark | null;
  /** Which kind of cluster it is, for whoever wants such a one, as long as nobody has it; null for one that somebody has. */
  readonly pooled: string | null;
  readonly state: "starting" | "ready" | "failed" | "paused" | "going";
  /** Where it answers; null until it does. */
  readonly url: string | null;
}

/** Whose things a cluster's are. */
export function ownershipOf({ owner, stack }: EphemeralRecord): StackOwnership {
  return { owner, stack };
}

/** Why a cluster's time is over; null while it isn't. */
export function dueFor(
  record: Pick<EphemeralRecord, "expires" | "starter" | "holder" | "state">,
  clock: Clock,
  isAlive: (mark: ProcessMark) => boolean,
): string | null {
  // Whoever began has died over it, or is still at it, and two are no worse than one.
  if (record.state === "going") return "its removal has begun";
  if (ended(record.expires, clock)) return "its time is over";
  if (record.holder !== null && !isAlive(record.holder))
    return `process ${record.holder.pid}, which it belonged to, has ended`;
  const { starter } = record;
  if (starter !== null && !isAlive(starter)) return `process ${starter.pid}, which stood it up, has ended`;
  return null;
}

/** @throws UserError for a file that isn't a record of this version */
export function readRecord(file: string): EphemeralRecord {
  const record = JSON.parse(readFileSync(file, "utf8")) as EphemeralRecord;
  // Of a version without pools it is in none.
  if (record.schema === recordSchema) return { ...record, pooled: record.pooled ?? null };
  throw new UserError(
    `schema ${JSON.stringify(record.schema)} is not "${recordSchema}"; another version of the kit has made this cluster and can remove it`,
    exitCodes.failed,
  );
}
