import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/*
 * The states that recordings began with. Many began with the same, so each state stands once, named by its content, and an index
 * tells which one a recording has.
 */

const indexFile = "states.json";
const stateFile = (id: string) => join("states", `${id}.json`);

/** Recording to its state's id, sorted by name; empty where nothing is recorded. */
export function stateIndex(folder: string): Readonly<Record<string, string>> {
  const file = join(folder, indexFile);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) : {};
}

/** The state that a recording began with, as text. @throws Error for a recording without one */
export function readState(folder: string, name: string): string {
  const id = stateIndex(folder)[name];
  if (id === undefined) throw new Error(`${indexFile}: there is no state of ${name}; record it again`);
  return readFileSync(join(folder, stateFile(id)), "utf8");
}

/** Keeps the state of a recording, and drops the one it had before if no other recording has it. */
export async function writeState(folder: string, name: string, text: string): Promise<void> {
  const before = stateIndex(folder);
  const id = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const after = { ...before, [name]: id };
  await mkdir(join(folder, "states"), { recursive: true });
  await writeFile(join(folder, stateFile(id)), text);
  const sorted = Object.entries(after).sort(([a], [b]) => (a < b ? -1 : 1));
  await writeFile(join(folder, indexFile), `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`);
  const old = before[name];
  if (old !== undefined && !Object.values(after).includes(old)) await rm(join(folder, stateFile(old)));
}
