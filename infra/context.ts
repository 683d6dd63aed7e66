import { isAbsolute, join } from "node:path";
import type { ClusterSpec } from "../components/model/spec.ts";
import type { GroupPrograms, PlanContext } from "../components/plan/types.ts";
import { buildContextRef, imageRef, programsHash } from "./images.ts";

/** Root of the project: the folder of Pulumi.yaml. */
export const projectRoot = join(import.meta.dirname, "..");

/**
 * What the planner must be told: the owner, the image references (null: those that the files of this checkout have now), and
 * what only a look at what runs and at the stack's settings can tell.
 */
export function planContext(
  spec: ClusterSpec,
  owner: string,
  images: PlanContext["images"] | null,
  observed: Pick<PlanContext, "running" | "secrets"> = {},
): PlanContext {
  const programs = spec.platform.kind === "aws" ? { programs: currentPrograms() } : {};
  return { owner, ...observed, ...programs, images: images ?? currentImages(spec) };
}

/** Folders below `runtime` of what machines run that groups keep: a test finds a bundle's programs in them. */
export const programFolders = {
  balancer: ["machine", "follower", "balancer/lua", "balancer/lib"],
  node: ["machine"],
  sample: ["machine", "node"],
} as const satisfies Readonly<Record<GroupPrograms, readonly string[]>>;

/** Hashes of their files as they are now; a change of one replaces the machines, as that of an image does elsewhere. */
function currentPrograms(): Record<GroupPrograms, string> {
  const hashOf = (kind: GroupPrograms) => programsHash(programFolders[kind]);
  return { balancer: hashOf("balancer"), node: hashOf("node"), sample: hashOf("sample") };
}

/** References that the images have with the files of this checkout as they are now. */
function currentImages(spec: ClusterSpec): PlanContext["images"] {
  const built = Object.entries(spec.pools).flatMap(([name, pool]) =>
    pool.image.kind === "build"
      ? [[`pool:${name}`, buildContextRef(name, contextFolder(pool.image.context))]]
      : [],
  );
  return {
    ...Object.fromEntries(["balancer", "node", "warden", "filter"].map((name) => [name, imageRef(name)])),
    ...Object.fromEntries(built),
  };
}

/** Folder of a pool's own image; relative ones are of the project. */
export function contextFolder(context: string): string {
  return isAbsolute(context) ? context : join(projectRoot, context);
}
