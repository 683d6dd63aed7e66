import { containersOf } from "../components/model/containers.ts";
import type { ClusterSpec } from "../components/model/spec.ts";
import type { PlanContext } from "../components/plan/types.ts";
import { checkBuildFolders, contextFolder } from "./build-folders.ts";
import type { Observed } from "./grounds/contract.ts";
import { machineFactsOn } from "./grounds/select.ts";
import { buildContextRef, imageRef } from "./images.ts";
import { stackFiles } from "./stack-files.ts";

export { projectRoot } from "./project-root.ts";

/**
 * What the planner must be told: the owner, the image references (null: those that the files of this checkout have now), and
 * what only a look at what runs and at the stack's settings can tell. Back goes only a cluster that is there: in one that isn't, no program
 * of a release has run.
 *
 * @throws SpecError for folders of images and for files that aren't there
 */
export function planContext(
  spec: ClusterSpec,
  owner: string,
  images: PlanContext["images"] | null,
  {
    isNew = false,
    goingBack = false,
    ...observed
  }: Observed & Pick<PlanContext, "secrets" | "goingBack"> = {},
): PlanContext {
  const facts = machineFactsOn(spec.platform.kind);
  const going = goingBack && !isNew ? { goingBack } : {};
  return {
    owner,
    ...observed,
    ...going,
    ...facts,
    ...stackFiles(spec),
    images: images ?? currentImages(spec),
  };
}

/** References that the images have with the files of this checkout as they are now. */
function currentImages(spec: ClusterSpec): PlanContext["images"] {
  checkBuildFolders(spec);
  const built = containersOf(spec).flatMap(({ image: key, name, container: { image } }) =>
    image.kind === "build" ? [[key, buildContextRef(name, contextFolder(image.context), image)]] : [],
  );
  return {
    ...Object.fromEntries(
      ["balancer", "director", "node", "warden", "filter"].map((name) => [name, imageRef(name)]),
    ),
    ...Object.fromEntries(built),
  };
}
