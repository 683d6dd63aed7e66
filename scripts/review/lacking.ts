import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { isAbsolute, join, posix } from "node:path";
import { counted } from "../../components/model/words.ts";
import { contextFiles } from "../../infra/build-context.ts";
import { projectRoot } from "../../infra/project-root.ts";
import { git, projectPrefix, succeeds } from "./git.ts";

/*
 * What of a project a commit doesn't hold, though plans need it: files that git ignores or that nobody has committed, those of
 * submodules, and those for which Git LFS keeps a pointer. A review says which, and not only that something isn't there.
 */

/** First words of a pointer (git-lfs, docs/spec.md). */
const pointer = "version https://git-lfs.github.com/spec/";

const lfsSentence = (paths: readonly string[]) =>
  `${listed(paths)} ${paths.length === 1 ? "is" : "are"} kept by Git LFS, and what was checked out is a pointer and not the file; \`git lfs install\` and \`git lfs fetch --all\` bring it to where the review runs`;

const listed = (paths: readonly string[]) =>
  `${paths
    .slice(0, 3)
    .map((path) => `"${path}"`)
    .join(", ")}${paths.length > 3 ? ` and ${paths.length - 3} more` : ""}`;

/**
 * Why a commit can't be planned though this checkout could be, for each path that the complaint names; nothing where git knows of no
 * reason.
 *
 * @param message what its plan said, with paths relative to the project
 */
export async function whyLacking(message: string, commit: string): Promise<string[]> {
  const prefix = await projectPrefix();
  // A quote that begins: the one in "can't" is none.
  const named = [...message.matchAll(/(?<=^|[\s(])["']([^"'\n]{1,300})["']/gm)].map(([, path = ""]) =>
    path.replace(/^\.\//, ""),
  );
  const found = await Promise.all([...new Set(named)].map((path) => whyOne(path, prefix, commit)));
  // JSON.parse quotes the beginning of what is none.
  const pointers = message.includes(pointer.slice(0, 9)) ? await pointersOf(commit, prefix) : [];
  return [...found.flat(), ...(pointers.length === 0 ? [] : [lfsSentence(pointers)])];
}

async function whyOne(path: string, prefix: string, commit: string): Promise<string[]> {
  const full = posix.normalize(posix.join(prefix, path));
  if (isAbsolute(path) || full.startsWith("..") || /^[a-z]+:/.test(path)) return [];
  const submodule = await submoduleOf(commit, full);
  if (submodule !== null) {
    return [
      `"${submodule}" is a git submodule, of whose files a commit holds none, so a review can't see them; keep what plans need in this repository, or beside it, where a build context is taken from as it lies there`,
    ];
  }
  if (!existsSync(join(projectRoot, path)) || (await entriesOf(commit, full)).length > 0) return [];
  return (await succeeds(["check-ignore", "--quiet", path]))
    ? [
        `"${path}" is ignored by git, so no commit has it, and a review and everybody else lack it; take it out of .gitignore and commit it, or let plans not need it`,
      ]
    : [`"${path}" is in this checkout and in no commit that was asked for; commit it`];
}

interface Entry {
  readonly isSubmodule: boolean;
  readonly path: string;
}

/** What a commit has at and below a path of the repository. */
async function entriesOf(commit: string, ...paths: string[]): Promise<Entry[]> {
  const text = await git(["ls-tree", "-r", "--full-tree", "-z", commit, "--", ...paths]);
  return text.split("\0").flatMap((line) => {
    const [, mode, path] = /^(\d+) \w+ [0-9a-f]+\t(.*)$/s.exec(line) ?? [];
    return mode === undefined || path === undefined ? [] : [{ isSubmodule: mode === "160000", path }];
  });
}

/** The submodule that a path is, or is in. */
async function submoduleOf(commit: string, full: string): Promise<string | null> {
  const parts = full.replace(/\/$/, "").split("/");
  const ways = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  const all = await Promise.all(ways.map((way) => git(["ls-tree", "--full-tree", "-z", commit, "--", way])));
  const at = all.findIndex((line) => line.startsWith("160000 "));
  return ways[at] ?? null;
}

async function pointersOf(commit: string, prefix: string): Promise<string[]> {
  const args = ["grep", "--name-only", "--full-name", "-z", "-I", "-e", `^${pointer}`, commit, "--", "."];
  const text = await git(args).catch(() => "");
  return text
    .split("\0")
    .flatMap((line) => (line === "" ? [] : [line.slice(commit.length + 1 + prefix.length)]));
}

/** A side of a review, as it lies there. */
export interface SideFolder {
  readonly folder: string;
  /** Null for this checkout itself. */
  readonly commit: string | null;
}

/** What a reader must know of the folders that pools build images from: where revisions don't say all that is in them. */
export async function contextNotes(
  contexts: Readonly<Record<string, string>>,
  sides: readonly SideFolder[],
): Promise<string[]> {
  const prefix = await projectPrefix();
  const notes = Object.entries(contexts).map(([pool, context]) => notesOf(pool, context, prefix, sides));
  return [...new Set((await Promise.all(notes)).flat())];
}

async function notesOf(
  pool: string,
  context: string,
  prefix: string,
  sides: readonly SideFolder[],
): Promise<string[]> {
  const full = posix.normalize(posix.join(prefix, context)).replace(/\/$/, "");
  if (isAbsolute(context) || full === ".." || full.startsWith("../")) {
    return [
      `pool ${pool} is built from "${context}", which is outside of the repository: both sides take it as it lies there now, so what was changed in it doesn't show`,
    ];
  }
  const commits = [...new Set(sides.flatMap(({ commit }) => commit ?? []))];
  const entries = (await Promise.all(commits.map((commit) => entriesOf(commit, full)))).flat();
  const submodules = [...new Set(entries.flatMap(({ isSubmodule, path }) => (isSubmodule ? [path] : [])))];
  const files = sides.flatMap(({ folder }) => pointersIn(join(folder, context)));
  const ignored = sides.some(({ commit }) => commit === null) ? await ignoredIn(context) : [];
  return [
    ...(submodules.length === 0
      ? []
      : [
          `${listed(submodules)} in the build context of pool ${pool} ${submodules.length === 1 ? "is a git submodule" : "are git submodules"}, of whose files a commit holds none: its image is another here than in a checkout that has them`,
        ]),
    ...(files.length === 0
      ? []
      : [`in the build context of pool ${pool} ${lfsSentence([...new Set(files)])}`]),
    ...(ignored.length === 0
      ? []
      : [
          `the build context of pool ${pool} has ${counted(ignored.length, "file")} that git ignores (${listed(ignored)}): with ${ignored.length === 1 ? "it" : "them"} the image is another than any revision's, so nodes count as replaced; list ${ignored.length === 1 ? "it" : "them"} in its .dockerignore, or commit ${ignored.length === 1 ? "it" : "them"}`,
        ]),
  ];
}

/** A pointer is a few lines; whole files are not read. */
function pointersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return contextFiles(folder).flatMap(({ path, link }) => {
    const file = join(folder, path);
    return link === undefined && statSync(file).size < 1024 && beginning(file) === pointer ? [path] : [];
  });
}

function beginning(file: string): string {
  const bytes = Buffer.alloc(pointer.length);
  const open = openSync(file, "r");
  try {
    return bytes.toString("latin1", 0, readSync(open, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(open);
  }
}

/** Files that a build in this checkout sees and that git ignores. */
async function ignoredIn(context: string): Promise<string[]> {
  const folder = join(projectRoot, context);
  if (!existsSync(folder)) return [];
  const text = await git([
    "-C",
    folder,
    "ls-files",
    "--others",
    "--ignored",
    "--exclude-standard",
    "-z",
    "--",
    ".",
  ]);
  const ignored = new Set(text.split("\0"));
  return contextFiles(folder).flatMap(({ path }) => (ignored.has(path) ? [path] : []));
}
