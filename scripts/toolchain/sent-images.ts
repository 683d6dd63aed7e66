import { pointDocker } from "../../components/platform/docker/endpoint.ts";
import type { ImageBuild } from "../../infra/images.ts";
import { ensureDocker } from "./docker.ts";
import { ensureImages } from "./images.ts";
import type { Progress } from "./progress.ts";

/**
 * Builds images that machines are sent, and tells the programs that are started from now on where they are. Without any no Docker Engine is
 * needed here.
 */
export async function readySentImages(progress: Progress, images: readonly ImageBuild[]): Promise<void> {
  if (images.length === 0) return;
  const { host } = await ensureDocker(progress);
  pointDocker(process.env, host);
  await ensureImages(progress, host, images);
}
