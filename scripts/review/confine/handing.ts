import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { folders } from "../../../infra/folders.mjs";
import { followerFile, followerOf } from "../../../infra/grounds/aws/follower-program.ts";
import type { TrackedFolder } from "../../../infra/handed-over.ts";
import { trackedFiles, trustsModes } from "../../../infra/tracked-files.ts";

/*
 * What a revision's code can't find out by itself while it is planned, since that takes git and esbuild. It is found out here, of
 * files that are only read.
 */

/** What git says of folders, as a file. */
export function writeTracked(file: string, records: readonly TrackedFolder[]): void {
  writeFileSync(file, JSON.stringify(records));
}

export function trackedFolder(folder: string): TrackedFolder {
  return { folder, trustsModes: trustsModes(folder), files: Object.fromEntries(trackedFiles(folder)) };
}

/** A folder as a commit has it: there is nothing to say of it, since it was written without anybody's settings. */
export function plainFolder(folder: string): TrackedFolder {
  return { folder, trustsModes: true, files: {} };
}

/**
 * Puts the follower of a project, which esbuild makes, where its plan looks for it. Where it can't be made that plan says why, and
 * so it does where files from outside would get into it.
 *
 * @param home that of the processes that plan
 */
export function handFollower(project: string, home: string): void {
  if (!existsSync(join(project, "infra/runtime/follower/main.ts"))) return;
  try {
    const cache = join(folders().cache, "follower");
    followerOf(project, cache);
    const file = followerFile(project, cache);
    const { inputs } = JSON.parse(readFileSync(file, "utf8")) as { inputs: string[] };
    if (inputs.some((path) => path.startsWith(".."))) return;
    const theirs = join(folders({ HOME: home }).cache, "follower");
    mkdirSync(theirs, { recursive: true });
    copyFileSync(file, join(theirs, basename(file)));
  } catch {
    // Only stacks whose machines run it need it.
  }
}
