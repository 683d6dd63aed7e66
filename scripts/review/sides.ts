import { mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../infra/context.ts";
import { answerVariable } from "../../infra/handed-over.ts";
import { UserError } from "../exit.ts";
import type { Progress } from "../toolchain/progress.ts";
import { checkOut } from "./checkout.ts";
import { grantsOf, LinkLeadsOutError, type Place } from "./confine/grants.ts";
import { handFollower, plainFolder, trackedFolder, writeTracked } from "./confine/handing.ts";
import { hasJails } from "./confine/jail.ts";
import { git } from "./git.ts";
import type { ProjectFolder } from "./planning.ts";
import type { Scratch } from "./scratch.ts";

/** A revision that can be planned; null where it has no project there; an error where it can't be had. */
export type Side = ProjectFolder | UserError | null;

/**
 * Makes a revision ready to be planned, or tells why it can't be: the other revision is worth a look all the same.
 *
 * @param commit null for the working tree
 */
export async function prepareSide(
  name: "base" | "head",
  commit: string | null,
  scratch: Scratch,
  progress: Progress,
): Promise<Side> {
  try {
    const place =
      commit === null ? await workingTree() : await checkOut(commit, join(scratch.folder, name), progress);
    return place === null ? null : await confine(name, place, commit, scratch);
  } catch (error) {
    if (error instanceof LinkLeadsOutError) return new UserError(error.message);
    if (error instanceof UserError) return error;
    throw error;
  }
}

async function workingTree(): Promise<Place> {
  return {
    top: realpathSync(await git(["rev-parse", "--show-toplevel"])),
    folder: realpathSync(projectRoot),
    packages: realpathSync(join(projectRoot, "node_modules")),
  };
}

async function confine(
  name: "base" | "head",
  place: Place,
  commit: string | null,
  scratch: Scratch,
): Promise<ProjectFolder> {
  const [home, root, handed] = ["home", "root", "handed"].map((what) => {
    const folder = join(scratch.folder, `${name}-${what}`);
    mkdirSync(folder);
    return folder;
  }) as [string, string, string];
  const namespaces = await hasJails();
  const { folder } = place;
  const permissions = knowsHandovers(folder);
  if (!permissions && !namespaces && name === "head") {
    throw new UserError(
      "its kit is of before reviews held code back by Node's permissions, and this machine has no namespaces in which it could be held back; merge the base branch into it",
    );
  }
  const { paths, beside } = grantsOf(place);
  const tracked = join(handed, "tracked.json");
  if (permissions) {
    const own = commit === null ? trackedFolder(place.top) : plainFolder(place.top);
    writeTracked(tracked, [own, ...beside.map(trackedFolder)]);
    handFollower(folder, home);
  }
  return {
    commit,
    folder,
    home,
    root,
    paths: [...paths, handed],
    layers: { permissions, namespaces },
    handed: permissions ? { folder: handed, tracked } : null,
    signal: scratch.signal,
  };
}

/** Whether a revision's kit can be planned without starting processes. An older one starts them itself, or isn't planned. */
function knowsHandovers(folder: string): boolean {
  try {
    return readFileSync(join(folder, "infra/handed-over.ts"), "utf8").includes(answerVariable);
  } catch {
    return false;
  }
}
