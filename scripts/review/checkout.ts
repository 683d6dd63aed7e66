import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../infra/context.ts";
import { folders } from "../../infra/folders.mjs";
import { environmentFor } from "../../infra/surroundings/settle.mjs";
import { UserError } from "../exit.ts";
import { withLock } from "../toolchain/lock.mjs";
import { npmCommand, npmFlags } from "../toolchain/node-binary.mjs";
import type { Progress } from "../toolchain/progress.ts";
import type { Place } from "./confine/grants.ts";
import { git, projectPrefix } from "./git.ts";

/**
 * Writes a commit's files to a folder and gives them their dependencies. By an index of its own and not by `git worktree`: so
 * nothing about it is left in the repository, whenever we are killed.
 *
 * @param scratch an empty folder's path
 * @returns the project in it, ready to run; null where the commit has no stacks there, as before the project was added or moved
 */
export async function checkOut(commit: string, scratch: string, progress: Progress): Promise<Place | null> {
  const folder = placeFor(await git(["rev-parse", "--show-toplevel"]), scratch);
  const index = { GIT_INDEX_FILE: `${scratch}.index` };
  const repository = await git(["rev-parse", "--absolute-git-dir"]);
  // Of a sparse checkout too all files are wanted: the plan may need those that the person doesn't.
  await git(["-c", "core.sparseCheckout=false", "read-tree", commit], index);
  // With the folder as its working tree git takes .gitattributes from the commit and not from what lies in the checkout.
  const place = [`--git-dir=${repository}`, `--work-tree=${folder}`, "-C", folder];
  await git([...unconverted, ...place, "checkout-index", "--all", "--quiet"], index);
  const project = join(folder, await projectPrefix());
  if (!existsSync(join(project, "stacks", "index.ts"))) return null;
  if (!existsSync(join(project, "package-lock.json")))
    throw new UserError(`commit ${commit.slice(0, 12)} has no package-lock.json, so it can't be run`);
  const packages = realpathSync(await dependencies(project, progress));
  symlinkSync(packages, join(project, "node_modules"), "dir");
  return { top: folder, folder: project, packages };
}

/** How far up what lies beside the repository is found. */
const levels = 3;

/**
 * A place like that of the repository: what lies beside it, and above, is there as links. So a build context such as `../shop`, which
 * no commit has, is taken from where it is.
 */
function placeFor(top: string, scratch: string): string {
  let [real, above]: [string, string[]] = [top, []];
  for (let level = 0; level < levels && dirname(real) !== real; level += 1) {
    above = [basename(real), ...above];
    real = dirname(real);
  }
  let place = scratch;
  for (const name of above) {
    mkdirSync(place, { recursive: true });
    linkEntries(real, place, name);
    place = join(place, name);
    real = join(real, name);
  }
  mkdirSync(place, { recursive: true });
  return place;
}

function linkEntries(from: string, to: string, except: string): void {
  for (const name of entriesOf(from)) if (name !== except) symlinkSync(join(from, name), join(to, name));
}

/** Nothing where the person may not look. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Only what the commit itself says decides about its files, and nothing that git is set to on this machine. */
const unconverted = [
  "core.autocrlf=false",
  "core.eol=lf",
  "core.symlinks=true",
  "core.fileMode=true",
  "core.attributesFile=/dev/null",
].flatMap((setting) => ["-c", setting]);

/** A node_modules folder that fits the project's lock file: this checkout's own, else one that is kept for that lock file. */
async function dependencies(project: string, progress: Progress): Promise<string> {
  const lock = readFileSync(join(project, "package-lock.json"));
  if (lock.equals(readFileSync(join(projectRoot, "package-lock.json"))))
    return join(projectRoot, "node_modules");
  const digest = createHash("sha256").update(lock).digest("hex").slice(0, 16);
  const kept = join(folders().cache, "dependencies", digest);
  await withLock(`${kept}.lock`, () => (existsSync(kept) ? undefined : install(project, kept, progress)));
  return join(kept, "node_modules");
}

/**
 * Installs into a new folder that gets its name when it is whole. Planning needs no install scripts and no tools for tests; without
 * scripts no code of that revision runs with the rights and the environment of npm. For the same reason its .npmrc is left out.
 */
async function install(project: string, kept: string, progress: Progress): Promise<void> {
  const folder = `${kept}.new`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    copyFileSync(join(project, file), join(folder, file));
  const [command, ...first] = npmCommand();
  const flags = [...npmFlags, "--ignore-scripts", "--omit=dev", "--include=optional"];
  await progress.task("dependencies of the base, whose lock file is another", async () => {
    const { failed, all, message } = await execa(command, [...first, "ci", ...flags], {
      cwd: folder,
      env: environmentFor("npm", process.env),
      extendEnv: false,
      all: true,
      reject: false,
    });
    if (failed) throw new UserError(`npm ci for another revision's lock file failed: ${all || message}`);
  });
  renameSync(folder, kept);
}
