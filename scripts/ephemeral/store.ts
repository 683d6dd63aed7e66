import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folders } from "../../infra/folders.mjs";
import { writeWhole } from "../../infra/whole-file.ts";
import { exitCodes, UserError } from "../exit.ts";
import { isAlive, markOf, type ProcessMark } from "../processes.ts";
import { type EphemeralRecord, readRecord } from "./record.ts";

/*
 * One folder a cluster, below the person's state folder: its record, its state, its settings and its secrets. Gone with it.
 */

export function root(env: NodeJS.ProcessEnv = process.env): string {
  return join(folders(env).state, "ephemeral");
}

export function folderOf(name: string): string {
  return join(root(), "clusters", name);
}

/** The reaper's lock, that of whoever chooses a network or a cluster of a pool, and that of whoever fills a pool. */
export const lockOf = (what: "reaper" | "claim" | "pool") => join(root(), `${what}.lock`);
export const reaperLog = () => join(root(), "reaper.log");

/** Says who is making the folder, until there is a record. */
const claimOf = (name: string) => join(folderOf(name), "claim.json");
/** Milliseconds between making a folder and writing the first file into it, at most. */
const freshly = 10_000;

const fileOf = (name: string) => join(folderOf(name), "cluster.json");

/** Names become part of file names, and are typed. */
export const namePattern = /^[a-z][a-z0-9-]{0,31}$/;

/** @throws UserError for a name that is taken, or can't be one */
export function claimName(name: string): void {
  if (!namePattern.test(name))
    throw new UserError(
      `--name: "${name}" can't be a name; a small letter, then up to 31 small letters, digits and hyphens`,
      exitCodes.usage,
    );
  mkdirSync(join(root(), "clusters"), { recursive: true, mode: 0o700 });
  try {
    mkdirSync(folderOf(name), { mode: 0o700 });
    writeFileSync(claimOf(name), JSON.stringify(markOf()));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new UserError(
      `--name: there is a cluster "${name}" already; choose another name, or remove it with \`./hotspare ephemeral down ${name}\``,
      exitCodes.usage,
    );
  }
}

export function save(record: EphemeralRecord): void {
  writeWhole(fileOf(record.name), JSON.stringify(record, undefined, 2));
}

/** Changes what is known of a cluster. @throws UserError for one that is gone, or just going */
export function change(name: string, values: Partial<EphemeralRecord>): EphemeralRecord {
  const before = known(name);
  if (before.state === "going" && values.state !== "going")
    throw new UserError(`"${name}" is just being removed`, exitCodes.nothingThere);
  const record = { ...before, ...values };
  save(record);
  return record;
}

/** Whether the name is still this cluster's. */
export function isStill({ name, owner }: EphemeralRecord): boolean {
  return tryRead(name)?.owner === owner;
}

/** @throws UserError when there is none of this name */
export function known(name: string): EphemeralRecord {
  if (existsSync(fileOf(name))) return readRecord(fileOf(name));
  const names = all().map((record) => record.name);
  throw new UserError(
    `there is no ephemeral cluster "${name}"; ${names.length === 0 ? "there is none at all" : `there are: ${names.join(", ")}`}`,
    exitCodes.nothingThere,
  );
}

/** All that can be read, by name. */
export function all(): EphemeralRecord[] {
  return names().flatMap((name) => tryRead(name) ?? []);
}

/** What is wrong with the records of the others, a sentence each. */
export function unreadable(): string[] {
  return names().flatMap((name) => {
    try {
      if (existsSync(fileOf(name))) readRecord(fileOf(name));
      return [];
    } catch (error) {
      return `${fileOf(name)}: ${(error as Error).message}`;
    }
  });
}

/** Null where there is none, or none that this version of the kit can read. */
function tryRead(name: string): EphemeralRecord | null {
  try {
    return readRecord(fileOf(name));
  } catch {
    return null;
  }
}

/** Folders whose record was never written, since whoever made them was killed before: nothing was made for them. */
export function abandoned(): string[] {
  return names().filter((name) => !existsSync(fileOf(name)) && !isClaimed(name));
}

function isClaimed(name: string): boolean {
  try {
    return isAlive(JSON.parse(readFileSync(claimOf(name), "utf8")) as ProcessMark);
  } catch {
    // Just made, and not yet written to; or it has been lying there so for a while.
    return Date.now() - (statSync(folderOf(name), { throwIfNoEntry: false })?.mtimeMs ?? 0) < freshly;
  }
}

export function names(): string[] {
  try {
    return readdirSync(join(root(), "clusters")).sort();
  } catch {
    return [];
  }
}

export function removeFolder(name: string): void {
  rmSync(folderOf(name), { recursive: true, force: true });
}
