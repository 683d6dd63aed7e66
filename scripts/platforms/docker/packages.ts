import type Docker from "dockerode";
import type { ImageBuild } from "../../../infra/images.ts";
import { packageChanges, packagesDigest, packagesOf } from "../../toolchain/images/packages.ts";
import type { ImagePackages } from "../image-packages.ts";
import { runningDocker } from "./connect.ts";

/** The packages of images that are there, and what differs from the build before, where the engine still has that. */
export async function imagePackages(images: readonly ImageBuild[]): Promise<ImagePackages[]> {
  const docker = await runningDocker();
  return Promise.all(
    images.map(async ({ name, ref }) => {
      const packages = await packagesOf(docker, ref);
      const earlier = await buildBefore(docker, name, ref);
      const changes = earlier === null ? [] : packageChanges(await packagesOf(docker, earlier), packages);
      return {
        name,
        ref,
        digest: packagesDigest(packages),
        packages: Object.fromEntries(packages),
        since: earlier,
        changes,
      };
    }),
  );
}

/** The newest image of that name that is older. */
async function buildBefore(docker: Docker, name: string, ref: string): Promise<string | null> {
  const made = await docker.listImages({ filters: { label: [`hotspare.image=${name}`] } });
  const own = made.find(({ RepoTags }) => RepoTags?.includes(ref))?.Created ?? 0;
  const before = made
    .filter(({ Created }) => Created < own)
    .sort((a, b) => b.Created - a.Created)
    .flatMap(({ RepoTags }) => RepoTags ?? []);
  return before.find((tag) => tag.startsWith("hotspare/")) ?? null;
}
