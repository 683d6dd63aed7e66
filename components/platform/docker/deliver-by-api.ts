import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { balancerState } from "./balancer.ts";
import type { DeliveredFile, DeliverFiles } from "./deliver.ts";
import { execIn } from "./exec.ts";

/** What the exit codes of `hotspare-apply` mean for who serves. */
const outcomes: Readonly<Record<number, string>> = {
  2: "refused its new configuration and goes on with the old one",
  3: "took its new configuration, but does not answer with it",
  4: "could not load its new configuration and went back to the old one",
  75: "is still busy with an earlier change",
};

/** Delivery by the Docker API: an archive into the balancer's volume, then the image's own `hotspare-apply`. */
export function deliverByApi(docker: Docker): DeliverFiles {
  return async (containerId, files) => {
    const container = docker.getContainer(containerId);
    await container.putArchive(await archive(files), { path: balancerState });
    const { exitCode, stdout, stderr } = await execIn(docker, containerId, ["hotspare-apply"]);
    if (exitCode !== 0) {
      const { Name } = await container.inspect();
      throw new Error(
        `${Name.slice(1)} ${outcomes[exitCode] ?? "could not take its new configuration"} (hotspare-apply, exit ${exitCode}):\n${(stderr || stdout).trim()}`,
      );
    }
  };
}

async function archive(files: readonly DeliveredFile[]): Promise<Buffer> {
  const tar = pack();
  for (const file of files) {
    tar.entry({ name: `incoming/${file.path}`, mode: Number.parseInt(file.mode, 8) }, file.content);
  }
  tar.finalize();
  return buffer(tar);
}
