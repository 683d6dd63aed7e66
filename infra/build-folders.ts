import { existsSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { containersOf } from "../components/model/containers.ts";
import { type Problem, SpecError } from "../components/model/problem.ts";
import type { ClusterSpec } from "../components/model/spec.ts";
import { projectRoot } from "./project-root.ts";

/*
 * The folders that pools build their images from. Whether they are there is no question of the model, which asks no disk; but
 * whoever plans with the files of this checkout asks it here, so that it is said like everything else that is wrong with a stack.
 */

/** Folder of a pool's own image; relative ones are of the project. */
export function contextFolder(context: string): string {
  return isAbsolute(context) ? context : join(projectRoot, context);
}

/** What is wrong with the folders of a stack's pools. */
export function buildFolderProblems(spec: ClusterSpec): Problem[] {
  return containersOf(spec).flatMap(({ path, container: { image } }) => {
    if (image.kind !== "build") return [];
    const wrong = wrongWith(contextFolder(image.context));
    if (wrong === null) return [];
    return [
      {
        code: "pool.build-folder",
        path: `${path}.image.context`,
        message: `${JSON.stringify(image.context)} ${wrong}`,
        hint: "name a folder with a Dockerfile, relative to the project's root",
      },
    ];
  });
}

/** @throws SpecError with every folder that nothing can be built from */
export function checkBuildFolders(spec: ClusterSpec): void {
  const problems = buildFolderProblems(spec);
  if (problems.length > 0) throw new SpecError(`cluster "${spec.name}"`, problems);
}

function wrongWith(folder: string): string | null {
  // Node throws instead of answering where its permissions keep a folder from us.
  if (process.permission?.has("fs.read", folder) === false)
    return "can't be read in a review, which looks at the repository, and beside it at folders with a Dockerfile that a stack names in full";
  if (!existsSync(folder)) return "isn't there";
  if (!statSync(folder).isDirectory()) return "is no folder";
  return existsSync(join(folder, "Dockerfile")) ? null : "has no Dockerfile";
}
