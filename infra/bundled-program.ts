import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import type { BuildOptions } from "esbuild";
import { folders } from "./folders.mjs";
import { kitRoot, moduleEnding } from "./project-root.ts";
import { writeWhole } from "./whole-file.ts";

const options = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  format: "esm",
  // AWS's clients come in both forms; of this one only what is used gets in.
  mainFields: ["module", "main"],
  // Some of what they import asks for Node's modules in the older way.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  logLevel: "silent",
} as const satisfies BuildOptions;

/** Programs that run on machines whose Node reads no TypeScript, by the file that begins. */
const entries = {
  follower: "infra/runtime/follower/main.ts",
  switch: `infra/power/switch/main${moduleEnding}`,
  warden: "infra/runtime/warden/main-server.ts",
} as const;

export type Bundled = keyof typeof entries;

const programs = new Map<Bundled, Buffer>();

/**
 * A program as one file for the Node 20 of Debian 13, with all that it imports: the same bytes for the same sources and
 * dependencies, on whatever machine. Built once for the same input, in about a second; then from the cache.
 */
export function bundledProgram(name: Bundled): Buffer {
  const program = programs.get(name) ?? bundledOf(kitRoot, name, cacheFolder(name));
  programs.set(name, program);
  return program;
}

/** Where a program of the project in `root` is kept. */
export function bundleFile(root: string, cache: string, around = surroundings(root)): string {
  return join(cache, `${around}.json`);
}

/** Null for a user without a home. */
function cacheFolder(name: Bundled): string | null {
  try {
    return join(folders().cache, name);
  } catch {
    return null;
  }
}

/** A program that was built. */
interface Built {
  /** Files that went in, by their paths from the project's root; sorted. */
  readonly inputs: readonly string[];
  readonly program: Buffer;
}

/**
 * A program of the project in `root`.
 *
 * @param cache folder where it is kept; one that can't be written is done without, as is none
 */
export function bundledOf(root: string, name: Bundled, cache: string | null): Buffer {
  if (cache === null) return build(root, name).program;
  const around = surroundings(root);
  const file = bundleFile(root, cache, around);
  const kept = fromCache(root, around, file);
  if (kept !== null) return kept;
  const { inputs, program } = build(root, name);
  const entry = { inputs, hash: hashOf(root, around, inputs), program: program.toString("base64") };
  try {
    writeWhole(file, JSON.stringify(entry));
  } catch {
    // The next run builds it again.
  }
  return program;
}

/** The kept program, if every file that went into it is as it was. */
function fromCache(root: string, around: string, file: string): Buffer | null {
  try {
    const { inputs, hash, program } = JSON.parse(readFileSync(file, "utf8"));
    return hashOf(root, around, inputs) === hash ? Buffer.from(program, "base64") : null;
  } catch {
    // Nothing is kept, or it is of a revision with other files.
    return null;
  }
}

/** Hash of what decides which files esbuild takes and what it makes of them, beside the files themselves. */
function surroundings(root: string): string {
  const hash = createHash("sha256").update(JSON.stringify(options));
  for (const path of [
    "tsconfig.json",
    "node_modules/.package-lock.json",
    "node_modules/esbuild/package.json",
  ]) {
    const file = join(root, path);
    hash.update(`\0${path}\0`).update(existsSync(file) ? readFileSync(file) : "");
  }
  return hash.digest("hex").slice(0, 32);
}

function hashOf(root: string, around: string, inputs: readonly string[]): string {
  const hash = createHash("sha256").update(around);
  for (const path of inputs) {
    const content = readFileSync(join(root, path));
    hash.update(`\0${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 32);
}

function build(root: string, name: Bundled): Built {
  // Loaded here: it takes longer than all else where the program is kept.
  const { buildSync } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  const entry = join(root, entries[name]);
  const folder = dirname(entry);
  const { outputFiles, metafile } = buildSync({
    ...options,
    entryPoints: [entry],
    absWorkingDir: folder,
    write: false,
    metafile: true,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild made no file of the ${name}`);
  const inputs = Object.keys(metafile.inputs).map((path) => join(folder, path));
  return { inputs: fromRoot(root, inputs), program: Buffer.from(file.contents) };
}

/** Files by their paths from the project's root, also where its packages are a link to those of another checkout. */
function fromRoot(root: string, files: readonly string[]): string[] {
  const packages = realpathSync(join(root, "node_modules"));
  const own = realpathSync(root);
  return files
    .map((file) => realpathSync(file))
    .map((file) =>
      file.startsWith(packages + sep) ? join("node_modules", relative(packages, file)) : relative(own, file),
    )
    .map((path) => path.split(sep).join("/"))
    .sort();
}
