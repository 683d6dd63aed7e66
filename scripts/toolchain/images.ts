import type Docker from "dockerode";
import { dockerClient } from "../../components/platform/docker/endpoint.ts";
import { folders } from "../../infra/folders.mjs";
import { hasImage } from "../../infra/grounds/docker/preflight.ts";
import { baseOf, baseRef, type ImageBuild, runtimeImages } from "../../infra/images.ts";
import { makeBase } from "./images/base.ts";
import { buildFromFolder, type ExtraFile } from "./images/build.ts";
import { installNode } from "./node-binary.mjs";
import type { Progress } from "./progress.ts";

/**
 * Makes sure that the engine has the images: what is there under its hashed name is not built again. Images of earlier
 * contents are left alone.
 *
 * @param host a Docker endpoint
 * @param images what to build; default: the images of this repository
 * @returns the reference of each image by its name
 * @throws with the image's name and the end of its build log
 */
export async function ensureImages(
  progress: Progress,
  host: string,
  images: readonly ImageBuild[] = runtimeImages(),
): Promise<Map<string, string>> {
  const docker = dockerClient(host);
  const there = await Promise.all(images.map(({ ref }) => hasImage(docker, ref)));
  const missing = images.filter((_, i) => !there[i]);
  if (missing.length > 0) {
    await ensureBase(progress, docker);
    // Those that begin with another image of the kit's come after it.
    const first = missing.filter(({ name }) => baseOf(name) === baseRef());
    await Promise.all(first.map((image) => buildOne(progress, docker, image)));
    const then = missing.filter((image) => !first.includes(image));
    await Promise.all(then.map((image) => buildOne(progress, docker, image)));
  }
  return new Map(images.map(({ name, ref }) => [name, ref]));
}

async function ensureBase(progress: Progress, docker: Docker): Promise<void> {
  if (await hasImage(docker, baseRef())) return;
  await progress.task("Image base", (update) => makeBase(docker, folders().cache, progress, update));
}

async function buildOne(progress: Progress, docker: Docker, image: ImageBuild): Promise<void> {
  await progress.task(`Image ${image.name}`, async (update) => {
    update("building");
    const extra = image.needsNode ? [await nodeFor(docker)] : [];
    const labels = { "hotspare.image": image.name };
    const request = {
      ref: image.ref,
      folder: image.folder,
      extra,
      labels,
      buildArgs: { BASE: baseOf(image.name), ...image.options?.arguments },
      target: image.options?.target ?? null,
    };
    await buildFromFolder(docker, request, update);
    update("built");
  });
}

/** Node for the engine's architecture, which need not be this machine's. */
async function nodeFor(docker: Docker): Promise<ExtraFile> {
  const { Arch } = await docker.version();
  const from = await installNode(folders().cache, `linux-${Arch === "amd64" ? "x64" : Arch}`);
  return { path: "node", from };
}
