import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { writeWhole } from "../../infra/whole-file.ts";
import { withLock } from "./lock.mjs";
import type { Progress } from "./progress.ts";
import { ROOT } from "./versions.ts";

/*
 * Trust on first use, for what no package registry tells the content of: Pulumi's own archives, and images of Docker's registry. The
 * first download is trusted as TLS brings it, and its digest written into a file of the repository, with the day and where it came from.
 * Whoever has that file is given the same content or none.
 */

/** What a download was when somebody had it for the first time. */
export interface FirstSeen {
  /** "sha256:" and 64 hexadecimal digits. */
  digest: string;
  /** Where it came from. */
  from: string;
  /** UTC day. */
  on: string;
}

/** The file that is committed. */
export const firstSeenFile = join(import.meta.dirname, "first-seen.json");

/** @returns what is recorded of a download; undefined when nobody has had it yet */
export function firstSeen(name: string, file = firstSeenFile): FirstSeen | undefined {
  const records = readRecords(file);
  return Object.hasOwn(records, name) ? records[name] : undefined;
}

/**
 * Holds a download against its record, or makes the record.
 *
 * @param name of the download, with its version
 * @param seen its digest, and where it came from
 * @throws when it is another content than the recorded
 */
export async function holdToFirst(
  progress: Progress,
  name: string,
  seen: Pick<FirstSeen, "digest" | "from">,
  file = firstSeenFile,
): Promise<void> {
  const known = firstSeen(name, file) ?? (await record(progress, name, seen, file));
  if (known !== undefined && known.digest !== seen.digest)
    throw new Error(
      `what was downloaded as ${name} from ${seen.from} is ${seen.digest}, and ${relative(ROOT, file)} has ${known.digest}, seen on ${known.on}; it was thrown away. Ask who changed it; only if the new content is right, remove that entry`,
    );
}

/** One process at a time, or of two that write what they have read one record is lost. @returns what another one has recorded meanwhile */
async function record(
  progress: Progress,
  name: string,
  seen: Pick<FirstSeen, "digest" | "from">,
  file: string,
): Promise<FirstSeen | undefined> {
  const shown = relative(ROOT, file);
  try {
    return await withLock(`${file}.lock`, () => {
      const known = firstSeen(name, file);
      if (known !== undefined) return known;
      const records = {
        ...readRecords(file),
        [name]: { ...seen, on: new Date().toISOString().slice(0, 10) },
      };
      const sorted = Object.fromEntries(Object.entries(records).sort(([a], [b]) => (a < b ? -1 : 1)));
      writeWhole(file, `${JSON.stringify(sorted, null, 2)}\n`);
      progress.note(
        `${name} was taken from ${seen.from} as it came, since nobody had it before; ${shown} has its digest now. Commit it, and every other machine takes this content alone.`,
      );
      return undefined;
    });
  } catch (error) {
    progress.note(
      `${name} was taken from ${seen.from} as it came: ${shown} has no digest of it, and can't be written (${(error as Error).message}).`,
    );
    return undefined;
  }
}

/**
 * Downloads a file to `target`, by `holdToFirst`.
 *
 * @param late ends the download
 * @throws when it can't be had, or is another content than the recorded; nothing is left then
 */
export async function download(
  progress: Progress,
  address: string,
  target: string,
  late: AbortSignal,
  file = firstSeenFile,
): Promise<void> {
  const name = address.slice(address.lastIndexOf("/") + 1);
  try {
    const answer = await fetch(address, { signal: late });
    if (!answer.ok || answer.body === null) throw new Error(`${address} answers ${answer.status}`);
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(target));
    const from = address.slice(0, -name.length - 1);
    await holdToFirst(progress, name, { digest: await digestOfFile(target), from }, file);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  }
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return `sha256:${hash.digest("hex")}`;
}

function readRecords(file: string): Record<string, FirstSeen> {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}
