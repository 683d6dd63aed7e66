import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contextFiles, contextHash } from "./build-context.ts";
import { writeWhole } from "./whole-file.ts";

/*
 * Which images exist and what they are called. A name holds the day of its packages and a hash of all that goes into the image,
 * so that the program and the plan know it without asking Docker, and an unchanged image is never built again.
 */

/** An image that is built from a Dockerfile. */
export interface ImageBuild {
  /** "balancer", "node", or "pool-<name>" for a user's own. */
  name: string;
  /** Repository and tag. */
  ref: string;
  /** The build context; its Dockerfile may begin with `ARG BASE` and `FROM ${BASE}`. */
  folder: string;
  /** Whether the build gets a Node binary for the engine's architecture, as the file `node`. */
  needsNode: boolean;
  /** What the person asks of the build. */
  options?: BuildOptions;
}

/** What a stack says of a build beside its folder. */
export interface BuildOptions {
  readonly arguments: Readonly<Record<string, string>>;
  /** Stage of the Dockerfile; null for the last one. */
  readonly target: string | null;
}

/** What the base image is made of: Debian's smallest set of packages, and some more. */
export interface Base {
  /** Debian's release by its code name. */
  suite: string;
  packages: string[];
  /** UTC day, e.g. 2026-11-29. Packages of all images are of this day or newer; another day is another name for every image. */
  date: string;
}

const BASE = join(import.meta.dirname, "base.json");
const RUNTIME = join(import.meta.dirname, "runtime");

/** What the file of this checkout says now. */
export function readBase(): Base {
  return JSON.parse(readFileSync(BASE, "utf8"));
}

/**
 * Asks for packages of a later day, and so for a rebuild of every image. The day is in a file that is committed, so a review shows
 * what the change replaces, and a team has one name for the same images.
 *
 * @param date a UTC day
 * @returns the file, or null when it already had that day or a later one
 */
export function askForPackagesOf(date: string): string | null {
  const base = readBase();
  if (base.date >= date) return null;
  writeWhole(BASE, `${JSON.stringify({ ...base, date }, null, 2)}\n`);
  return BASE;
}

/** The base image's repository and tag. */
export function baseRef(): string {
  return reference("base", JSON.stringify(readBase()));
}

/** The images of this repository: every folder of infra/runtime with a Dockerfile. */
export function runtimeImages(): ImageBuild[] {
  return readdirSync(RUNTIME)
    .filter((name) => existsSync(join(RUNTIME, name, "Dockerfile")))
    .sort()
    .map((name) => folderImage(name, join(RUNTIME, name)));
}

/** The image that a pool of a stack brings itself. @param folder its build context, an absolute path */
export function poolImage(pool: string, folder: string, options?: BuildOptions): ImageBuild {
  return folderImage(`pool-${pool}`, folder, options);
}

/** Images of this repository that begin with another one of it, by their names. */
const bases: Readonly<Record<string, string>> = { director: "balancer" };

/** Repository and tag of what an image begins with. */
export function baseOf(name: string): string {
  const base = bases[name];
  return base === undefined ? baseRef() : imageRef(base);
}

/** Repository and tag of an image of this repository, such as "balancer". Throws when there is no such image. */
export function imageRef(name: string): string {
  return folderImage(name, join(RUNTIME, name)).ref;
}

/** Repository and tag of the image that a pool of a stack brings itself. Throws when `folder` has no Dockerfile. */
export function buildContextRef(pool: string, folder: string, options?: BuildOptions): string {
  return poolImage(pool, folder, options).ref;
}

/** The image of any folder with a Dockerfile. Throws without one. */
export function folderImage(name: string, folder: string, options?: BuildOptions): ImageBuild {
  const dockerfile = join(folder, "Dockerfile");
  if (!existsSync(dockerfile))
    throw new Error(`The image "${name}" needs a Dockerfile, and there is none at ${dockerfile}.`);
  const files = contextFiles(folder);
  const needsNode =
    copiesNode(readFileSync(dockerfile, "utf8")) && !files.some(({ path }) => path === "node");
  const node = needsNode ? readFileSync(join(import.meta.dirname, "node.json"), "utf8") : "";
  const inputs = [baseOf(name), contextHash(folder, files), node, ...asked(options)];
  const build = { name, ref: reference(name, ...inputs), folder, needsNode };
  return options === undefined ? build : { ...build, options };
}

/** Nothing where nothing is asked, so that an image is called what it was. */
function asked(options: BuildOptions | undefined): string[] {
  if (options === undefined) return [];
  const given = Object.entries(options.arguments).sort(([a], [b]) => (a < b ? -1 : 1));
  return given.length === 0 && options.target === null ? [] : [JSON.stringify([given, options.target])];
}

/** `COPY node …` of a file that the folder has not got: then the toolchain provides it. */
function copiesNode(dockerfile: string): boolean {
  return /^\s*COPY\s+(--\S+\s+)*(\.\/)?node\s/im.test(dockerfile);
}

function reference(name: string, ...inputs: string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
  return `hotspare/${name}:${readBase().date.replaceAll("-", "")}-${hash.slice(0, 12)}`;
}
