import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import type { TrackedFile } from "./handed-over.ts";
import { trackedFiles, trustsModes } from "./tracked-files.ts";

/** A file or symbolic link of a build context. */
export interface ContextFile {
  /** Relative to the context's folder, with forward slashes. */
  path: string;
  /** 0o755 or 0o644: only the owner's x bit counts, so that a checkout's umask changes no image. */
  mode: number;
  /** The target, when it is a symbolic link. */
  link?: string;
  /** Whether this checkout has CRLF where the repository has LF; read it by `contextContent`. */
  crlf?: true;
}

const NEVER = new Set([".git", "node_modules"]);

/**
 * The files that a build sees, sorted by path: all below `folder`, except .git and node_modules at any depth and what
 * .dockerignore excludes. Of its language `*`, `?`, `**` and later `!` exceptions are honoured; the Dockerfile itself is
 * always part. Empty folders are not.
 */
export function contextFiles(folder: string): ContextFile[] {
  const isIgnored = ignoreRules(folder);
  const tracked = trackedFiles(folder);
  const files = walk(folder, "").filter(({ path }) => path === "Dockerfile" || !isIgnored(path));
  const shown = files.map((file) => asTracked(folder, file, tracked.get(file.path)));
  // Asked only where something differs: it is one more program a folder, and this runs at every plan.
  const differ = shown.some(({ path, mode, link }) => {
    const known = tracked.get(path);
    return link === undefined && known !== undefined && known.mode !== mode;
  });
  const trusted = !differ || trustsModes(folder);
  return shown
    .map((file) =>
      trusted || file.link !== undefined
        ? file
        : { ...file, mode: tracked.get(file.path)?.mode ?? file.mode },
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A file as git's index has it, where this checkout shows its text or link differently. */
function asTracked(folder: string, file: ContextFile, tracked: TrackedFile | undefined): ContextFile {
  if (tracked === undefined || file.link !== undefined) return file;
  if (tracked.link)
    return { path: file.path, mode: 0o755, link: readFileSync(join(folder, file.path), "utf8") };
  return { ...file, ...(tracked.crlf ? { crlf: true } : {}) };
}

/** What a file holds, with the line ends that it has in the repository; a link's target. */
export function contextContent(folder: string, { path, link, crlf }: ContextFile): Buffer {
  if (link !== undefined) return Buffer.from(link);
  const content = readFileSync(join(folder, path));
  return crlf ? Buffer.from(content.toString("latin1").replaceAll("\r\n", "\n"), "latin1") : content;
}

/** A hash of everything that a build sees: paths, x bits, contents. Times, owners and git's settings play no part. */
export function contextHash(folder: string, files: readonly ContextFile[]): string {
  const hash = createHash("sha256");
  for (const file of files) {
    const { path, mode, link } = file;
    const content = contextContent(folder, file);
    hash.update(`${path}\0${mode}\0${link === undefined ? "file" : "link"}\0${content.length}\0`);
    hash.update(content);
  }
  return hash.digest("hex");
}

function walk(folder: string, below: string): ContextFile[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry): ContextFile[] => {
    if (NEVER.has(entry.name)) return [];
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (entry.isDirectory()) return walk(folder, path);
    const full = join(folder, path);
    if (entry.isSymbolicLink()) return [{ path, mode: 0o755, link: readlinkSync(full) }];
    return entry.isFile() ? [{ path, mode: lstatSync(full).mode & 0o100 ? 0o755 : 0o644 }] : [];
  });
}

/** As Docker does it: the last rule that fits a path, or a folder above it, decides. */
function ignoreRules(folder: string): (path: string) => boolean {
  const file = join(folder, ".dockerignore");
  const rules = (existsSync(file) ? readFileSync(file, "utf8").split(/\r?\n/) : [])
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({
      ignore: !line.startsWith("!"),
      pattern: line
        .replace(/^!/, "")
        .replace(/^\.?\//, "")
        .replace(/\/$/, ""),
    }));
  return (path) => {
    const self = path.split("/");
    const ways = self.map((_, i) => self.slice(0, i + 1).join("/"));
    const rule = rules.findLast(({ pattern }) => ways.some((way) => matchesGlob(way, pattern)));
    return rule?.ignore ?? false;
  };
}
