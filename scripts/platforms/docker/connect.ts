import type Docker from "dockerode";
import { containersOf } from "../../../components/model/containers.ts";
import type { ClusterSpec } from "../../../components/model/spec.ts";
import { plan } from "../../../components/plan/plan.ts";
import { tierImages, tierImagesOf } from "../../../components/plan/tiers/select.ts";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import {
  dockerClient,
  pointDocker,
  resolveDockerHost,
} from "../../../components/platform/docker/endpoint.ts";
import { checkBuildFolders, contextFolder } from "../../../infra/build-folders.ts";
import { planContext } from "../../../infra/context.ts";
import { homeFolder } from "../../../infra/folders.mjs";
import { runningNodes } from "../../../infra/grounds/docker/running.ts";
import { type ImageBuild, poolImage, runtimeImages } from "../../../infra/images.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { currentOwner, sourceOf, specOf } from "../../stacks.ts";
import { advice, ensureDocker } from "../../toolchain/docker.ts";
import { ensureImages } from "../../toolchain/images.ts";
import { allParts } from "../../toolchain/parts.ts";
import type { Progress } from "../../toolchain/progress.ts";
import { missingTool, readyPulumi } from "../../toolchain/ready.ts";

/**
 * The running Docker Engine, for verbs that only look and so start nothing.
 *
 * @throws UserError when none answers.
 */
export async function runningDocker(): Promise<Docker> {
  const host = resolveDockerHost(process.env, homeFolder());
  const docker = dockerClient(host);
  try {
    await docker.ping();
    return docker;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") throw new UserError(advice(host, code), exitCodes.missingTool);
    throw new UserError(
      `no Docker Engine answers (${(error as Error).message}); start it, or run \`./hotspare doctor\` to see what is missing`,
      exitCodes.missingTool,
    );
  }
}

/** Gets Docker ready, with the images that are named; by default those of this repository. */
export async function readyDocker(
  progress: Progress,
  images: readonly ImageBuild[] = runtimeImages(),
): Promise<Docker> {
  const host = await readyDockerEngine(progress);
  await missingTool(() => ensureImages(progress, host, images));
  return dockerClient(host);
}

async function readyDockerEngine(progress: Progress): Promise<string> {
  const { host } = await missingTool(() => ensureDocker(progress));
  // The provider must talk to the engine that we talk to, also where that comes from a Docker context.
  pointDocker(process.env, host);
  return host;
}

/**
 * Docker and Pulumi. Building Pulumi's binaries and the images are the two long parts of a first run, so they go side by side; but
 * Docker first, so that nobody waits minutes to hear that it can't be had.
 */
export async function readyAll(progress: Progress, spec: ClusterSpec | null): Promise<Docker> {
  if (spec !== null) checkBuildFolders(spec);
  const host = await readyDockerEngine(progress);
  await Promise.all([
    missingTool(() => ensureImages(progress, host, imagesOf(spec))),
    readyPulumi(progress, allParts),
  ]);
  return dockerClient(host);
}

/** Makes the kit's own images where they are missing. */
export async function readyOwnImages(progress: Progress): Promise<readonly ImageBuild[]> {
  const images = runtimeImages();
  await readyDocker(progress, images);
  return images;
}

/** Images of another kind of balancers are no business of a stack; `./hotspare images` makes them all. */
function isNeeded(image: string, spec: ClusterSpec | null): boolean {
  const [standard, ...others] = tierImages;
  return (
    image === standard || !others.includes(image) || (spec !== null && tierImagesOf(spec).includes(image))
  );
}

function imagesOf(spec: ClusterSpec | null): ImageBuild[] {
  const own = (spec === null ? [] : containersOf(spec)).flatMap(({ name, container: { image } }) =>
    image.kind === "build" ? [poolImage(name, contextFolder(image.context), image)] : [],
  );
  return [...runtimeImages().filter(({ name }) => isNeeded(name, spec)), ...own];
}

/** A stack's plan with the nodes where they run now, also when its file has changed since. */
export async function observedPlan(docker: Docker, stack: string): Promise<ClusterPlan> {
  const spec = specOf(stack);
  const owner = currentOwner();
  const running = Object.entries(await runningNodes(docker, owner, stack));
  const asTheyAre = Object.fromEntries(running.map(([key, node]) => [key, { ...node, fingerprint: null }]));
  return plan(spec, planContext(spec, owner, sourceOf(stack).images, { running: asTheyAre }));
}
