import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contextFiles, contextHash } from "./build-context.ts";

/*
 * Which images exist and what they are called. A name holds a hash of all that goes into the image, so that the program
 * and the plan know it without asking Docker, and an unchanged image is never built again.
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
}

/** What the base image is made of: Debian's smallest set of packages, and these. */
export const BASE = { suite: "bookworm", packages: ["ca-certificates"] } as const;

const RUNTIME = join(import.meta.dirname, "runtime");

/** The base image's repository and tag. */
export function baseRef(): string {
  return reference("base", JSON.stringify(BASE));
}

/** The images of this repository: every folder of infra/runtime with a Dockerfile. */
export function runtimeImages(): ImageBuild[] {
  return readdirSync(RUNTIME)
    .filter((name) => existsSync(join(RUNTIME, name, "Dockerfile")))
    .sort()
    .map((name) => folderImage(name, join(RUNTIME, name)));
}

/** The image that a pool of a stack brings itself. @param folder its build context, an absolute path */
export function poolImage(pool: string, folder: string): ImageBuild {
  return folderImage(`pool-${pool}`, folder);
}

/** Repository and tag of an image of this repository, such as "balancer". Throws when there is no such image. */
export function imageRef(name: string): string {
  return folderImage(name, join(RUNTIME, name)).ref;
}

/** Repository and tag of the image that a pool of a stack brings itself. Throws when `folder` has no Dockerfile. */
export function buildContextRef(pool: string, folder: string): string {
  return poolImage(pool, folder).ref;
}

/** The image of any folder with a Dockerfile. Throws without one. */
export function folderImage(name: string, folder: string): ImageBuild {
  const dockerfile = join(folder, "Dockerfile");
  if (!existsSync(dockerfile))
    throw new Error(`The image "${name}" needs a Dockerfile, and there is none at ${dockerfile}.`);
  const files = contextFiles(folder);
  const needsNode =
    copiesNode(readFileSync(dockerfile, "utf8")) && !files.some(({ path }) => path === "node");
  const node = needsNode ? readFileSync(join(import.meta.dirname, "node.json"), "utf8") : "";
  return { name, ref: reference(name, baseRef(), contextHash(folder, files), node), folder, needsNode };
}

/** `COPY node …` of a file that the folder has not got: then the toolchain provides it. */
function copiesNode(dockerfile: string): boolean {
  return /^\s*COPY\s+(--\S+\s+)*(\.\/)?node\s/im.test(dockerfile);
}

function reference(name: string, ...inputs: string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
  return `hotspare/${name}:${hash.slice(0, 12)}`;
}
