import { homedir } from "node:os";
import { join } from "node:path";
import { resolveDockerHost } from "../../../../components/platform/docker/endpoint.ts";
import { folderImage } from "../../../../infra/images.ts";
import { ensureImages } from "../../../../scripts/toolchain/images.ts";
import { Progress } from "../../../../scripts/toolchain/progress.ts";

/** Reference of the image of machines, built when it isn't there. */
export async function cloudMachineImage(): Promise<string> {
  const image = folderImage("cloud-machine", join(import.meta.dirname, "image"));
  await ensureImages(new Progress(), resolveDockerHost(process.env, homedir()), [image]);
  return image.ref;
}
