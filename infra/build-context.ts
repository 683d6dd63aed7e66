import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, matchesGlob } from "node:path";

/** A file or symbolic link of a build context. */
export interface ContextFile {
  /** Relative to the context's folder, with forward slashes. */
  path: string;
  /** 0o755 or 0o644: only the owner's x bit counts, so that a checkout's umask changes no image. */
  mode: number;
  /** The target, when it is a symbolic link. */
  link?: string;
}

const NEVER = new Set([".git", "node_modules"]);

/**
 * The files that a build sees, sorted by path: all below `folder`, except .git and node_modules at any depth and what
 * .dockerignore excludes. Of its language `*`, `?`, `**` and later `!` exceptions are honoured; the Dockerfile itself is
 * always part. Empty folders are not.
 */
export function contextFiles(folder: string): ContextFile[] {
  const isIgnored = ignoreRules(folder);
  const files = walk(folder, "").filter(({ path }) => path === "Dockerfile" || !isIgnored(path));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A hash of everything that a build sees: paths, x bits, contents. Times and owners play no part. */
export function contextHash(folder: string, files: readonly ContextFile[]): string {
  const hash = createHash("sha256");
  for (const { path, mode, link } of files) {
    const content = link ?? readFileSync(join(folder, path));
    hash.update(`${path}\0${mode}\0${link === undefined ? "file" : "link"}\0${Buffer.byteLength(content)}\0`);
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
