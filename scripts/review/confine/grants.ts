import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { visible } from "../../visible.ts";

/*
 * What a revision's code may read: the repository's files, the packages, and folders beside the repository that its stacks build
 * images from. Node's permissions follow links wherever they lead, so no link that leads out is given.
 */

export interface Place {
  /** Folder of the repository's files. */
  readonly top: string;
  /** The project's folder in it. */
  readonly folder: string;
  /** Where its packages really are. */
  readonly packages: string;
}

export interface Grants {
  /** Files, and folders with all that is in them. */
  readonly paths: readonly string[];
  /** Folders beside the repository among them, by the paths by which the project reaches them. */
  readonly beside: readonly string[];
}

/** A link of the repository leads to where a review must not look. */
export class LinkLeadsOutError extends Error {}

/** @throws LinkLeadsOutError for a link that leads out of the repository */
export function grantsOf({ top, folder, packages }: Place): Grants {
  const own = join(folder, "node_modules");
  const isInside = (target: string) => isWithin(realpathSync(top), target) || isWithin(packages, target);
  const { paths } = clean(top, own, (link) => {
    const target = targetOf(link);
    if (target === null || isInside(target)) return true;
    throw new LinkLeadsOutError(
      visible(
        `${relative(top, link)}: it is a link that leads out of the repository, and a review follows none; make it a file, or let it lead to one of the repository`,
      ),
    );
  });
  const beside = contextsBeside(folder, top);
  const shown = beside.flatMap((path) => {
    const real = realpathSync(path);
    const { paths } = clean(real, null, (link) => isWithin(real, targetOf(link) ?? real));
    return [...paths, ...(paths.includes(real) ? [path, ...linksOf(path)] : [])];
  });
  // A star means to Node all that begins so.
  const given = [...paths, ...linksOf(own), packages, ...shown].filter((path) => !path.includes("*"));
  return { paths: [...new Set(given)], beside };
}

interface Clean {
  /** Whether all of it may be read, and so it itself with all that is in it. */
  readonly whole: boolean;
  readonly paths: readonly string[];
}

/** A folder without git's own and without links that don't please. @param own the project's packages, which are given as they are */
function clean(folder: string, own: string | null, isFine: (link: string) => boolean): Clean {
  const parts = readdirSync(folder, { withFileTypes: true }).map((entry): Clean => {
    const path = join(folder, entry.name);
    if (path === own) return { whole: true, paths: [path] };
    // A submodule has a file of that name, which says where its repository is and nothing else.
    const isRepository = entry.name === ".git" && !entry.isFile();
    if (isRepository || entry.name === ".hotspare") return { whole: false, paths: [] };
    if (entry.isDirectory()) return clean(path, own, isFine);
    const isGiven = entry.isFile() || (entry.isSymbolicLink() && isFine(path));
    return isGiven ? { whole: true, paths: [path] } : { whole: false, paths: [] };
  });
  return parts.every(({ whole }) => whole)
    ? { whole: true, paths: [folder] }
    : { whole: false, paths: parts.flatMap(({ paths }) => paths) };
}

/**
 * Folders that the stacks' texts name, that are outside of the repository and that images are built from. Texts, since the stacks
 * haven't run yet; and only folders with a Dockerfile and without a hidden one on the way, so that a stack can't name `~/.ssh`.
 */
function contextsBeside(folder: string, top: string): string[] {
  const named = new Set(
    textsIn(join(folder, "stacks")).flatMap((text) =>
      [...text.matchAll(/["'`](\.\.\/[^"'`\n]*|\/[^"'`\n]+)["'`]/g)].map(([, path = ""]) => path),
    ),
  );
  return [...named]
    .map((path) => (isAbsolute(path) ? path : resolve(folder, path)))
    .filter((path) => !isWithin(top, path) && !isWithin(path, top) && existsSync(join(path, "Dockerfile")))
    .filter((path) => statSync(path).isDirectory() && !isHidden(realpathSync(path), realpathSync(top)));
}

function textsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}

/** Whether a folder on the way from what two paths share has a name with a dot in front. */
function isHidden(path: string, from: string): boolean {
  const [steps, others] = [path.split(sep), from.split(sep)];
  const own = steps.slice(others.findIndex((step, index) => steps[index] !== step));
  return own.some((step) => step.startsWith("."));
}

/** The links on the way to a path, and those that they lead to. */
function linksOf(path: string): string[] {
  if (dirname(path) === path) return [];
  const above = linksOf(dirname(path));
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return above;
  return [...above, path, ...linksOf(resolve(dirname(path), readlinkSync(path)))];
}

/** Where a link leads in the end; null where nothing is there. */
function targetOf(link: string): string | null {
  try {
    return realpathSync(link);
  } catch {
    return null;
  }
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === sep ? sep : folder + sep);
}
