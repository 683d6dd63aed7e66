import type Docker from "dockerode";
import type { ClusterSpec } from "../../components/model/spec.ts";
import { dockerClient } from "../../components/platform/docker/endpoint.ts";
import { contextFolder } from "../../infra/context.ts";
import { type ImageBuild, poolImage, runtimeImages } from "../../infra/images.ts";
import { prependPath } from "../engine/environment.ts";
import { exitCodes, UserError } from "../exit.ts";
import { ensureDocker } from "../toolchain/docker.ts";
import { ensureImages } from "../toolchain/images.ts";
import { ensureMoto } from "../toolchain/moto.ts";
import type { Progress } from "../toolchain/progress.ts";
import { ensurePulumi } from "../toolchain/pulumi.ts";

/** Gets the engine ready: `pulumi` and its plugins on PATH. */
export async function readyPulumi(progress: Progress): Promise<void> {
  const { binDir } = await missingTool(() => ensurePulumi(progress));
  prependPath(binDir);
}

/** Gets ready what stands in for AWS's API in tests. */
export async function readyMoto(progress: Progress): Promise<void> {
  await missingTool(() => ensureMoto(progress));
}

/** Gets Docker ready, with the images that are named; by default those of this repository. */
export async function readyDocker(
  progress: Progress,
  images: readonly ImageBuild[] = runtimeImages(),
): Promise<Docker> {
  const host = await readyEngine(progress);
  await missingTool(() => ensureImages(progress, host, images));
  return dockerClient(host);
}

async function readyEngine(progress: Progress): Promise<string> {
  const { host } = await missingTool(() => ensureDocker(progress));
  // The provider must talk to the engine that we talk to, also where that comes from a Docker context.
  process.env.DOCKER_HOST = host;
  return host;
}

/**
 * Both. Building the engine's binaries and the images are the two long parts of a first run, so they go side by side; but
 * Docker first, so that nobody waits minutes to hear that it can't be had.
 */
export async function readyAll(progress: Progress, spec: ClusterSpec | null): Promise<Docker> {
  const host = await readyEngine(progress);
  await Promise.all([missingTool(() => ensureImages(progress, host, imagesOf(spec))), readyPulumi(progress)]);
  return dockerClient(host);
}

function imagesOf(spec: ClusterSpec | null): ImageBuild[] {
  const own = Object.entries(spec?.pools ?? {}).flatMap(([name, pool]) =>
    pool.image.kind === "build" ? [poolImage(name, contextFolder(pool.image.context))] : [],
  );
  return [...runtimeImages(), ...own];
}

/** Runs what gets a tool; its failure ends the command with the code for that. */
export async function missingTool<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new UserError((error as Error).message, exitCodes.missingTool);
  }
}
