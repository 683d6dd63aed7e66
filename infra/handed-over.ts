import { readFileSync } from "node:fs";
import type { TrackedFile } from "./tracked-files.ts";

/*
 * Code that is planned without the right to start processes is given what other processes have found out, in files that two
 * variables name.
 */

/** What infra/stack-reader.ts has answered of the stack that is planned. */
export const answerVariable = "HOTSPARE_STACK_ANSWER";
/** What git says of folders: JSON, a list of {@link TrackedFolder}. */
export const trackedVariable = "HOTSPARE_TRACKED";

export interface TrackedFolder {
  /** Absolute. */
  readonly folder: string;
  /** Whether x bits on the disk mean something there. */
  readonly trustsModes: boolean;
  /** By path below the folder. */
  readonly files: Readonly<Record<string, TrackedFile>>;
}

let folders: readonly TrackedFolder[] | undefined;

/** Null where git may be asked. Of other folders than these there is nothing to say. */
export function handedFolders(env: NodeJS.ProcessEnv = process.env): readonly TrackedFolder[] | null {
  const file = env[trackedVariable];
  if (!file) return null;
  folders ??= JSON.parse(readFileSync(file, "utf8")) as TrackedFolder[];
  return folders;
}
