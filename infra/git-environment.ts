import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { environmentFor } from "./surroundings/settle.mjs";

/*
 * Git's hooks, its aliases and `git rebase --exec` tell the commands that they start where *they* work: GIT_DIR, GIT_INDEX_FILE,
 * GIT_WORK_TREE, their own `-c` settings. A command of ours asks about the project's folder, whoever has started it.
 */

/**
 * An environment in which git finds the repository by the folder that it runs in, asks nobody and writes nothing by the way: what it
 * inherits is settled by the table of `surroundings/table.mjs`.
 */
export function gitEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  // Words that are looked at must be git's own and not a translation.
  return { ...environmentFor("git", env), LC_ALL: "C" };
}

/** Settings of a person or a repository that would start programs or write into the repository when git is only asked. */
const quiet: readonly string[] = [
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "core.splitIndex=false",
  "core.hooksPath=/dev/null",
].flatMap((setting) => ["-c", setting]);

/** Arguments in front of git's command, for questions about the repository that a folder is in. */
export function quietGit(folder: string): readonly string[] {
  const top = topOf(folder);
  return top !== null && isByOurOwner(top) ? [...quiet, "-c", `safe.directory=${realpathSync(top)}`] : quiet;
}

function topOf(folder: string): string | null {
  for (let place = folder; ; place = dirname(place)) {
    if (existsSync(join(place, ".git"))) return place;
    if (dirname(place) === place) return null;
  }
}

/**
 * Whether a repository is somebody else's whose code this process is running already: then its settings can do nothing that the code
 * could not, and git needs not refuse it, as it does for another user of a checkout. Anybody else's stays refused, e.g. a `.git` that
 * someone put into a folder above.
 */
function isByOurOwner(top: string): boolean {
  const ownerOf = (path: string) => statSync(path).uid;
  try {
    const owners = [top, ...gitFolders(top)].map(ownerOf);
    if (owners.every((owner) => owner === process.getuid?.())) return false;
    const author = ownerOf(import.meta.filename);
    return owners.every((owner) => owner === author || owner === 0);
  } catch {
    return false;
  }
}

/** Where git reads the settings of a repository: `.git` itself, or, of a linked worktree, the places that this file leads to. */
function gitFolders(top: string): string[] {
  const git = join(top, ".git");
  if (statSync(git).isDirectory()) return [git];
  const [, path = ""] = /^gitdir: (.*)$/m.exec(readFileSync(git, "utf8")) ?? [];
  const own = resolve(top, path);
  const common = join(own, "commondir");
  const shared = existsSync(common) ? [resolve(own, readFileSync(common, "utf8").trim())] : [];
  return [git, own, ...shared];
}
