import { readFileSync } from "node:fs";

/*
 * Code that is planned without the right to start processes is given what other processes have found out, in files that two
 * variables name.
 */

/** What infra/stack-reader.ts has answered of the stack that is planned. */
export const answerVariable = "HOTSPARE_STACK_ANSWER";
/** What git says of folders: JSON, a list of {@link TrackedFolder}. */
export const trackedVariable = "HOTSPARE_TRACKED";

/** What git's index says of a file where this checkout can't be believed. */
export interface TrackedFile {
  /** 0o755 or 0o644. */
  readonly mode: number;
  /** Whether the checkout has CRLF where the repository has LF, and nobody has asked for that in a .gitattributes. */
  readonly crlf: boolean;
  /** Whether it is a symbolic link, even if the checkout has a file with its target instead. */
  readonly link: boolean;
}

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
