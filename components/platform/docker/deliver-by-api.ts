import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { stateFolder } from "../../render/paths.ts";
import { BalancerControl, runningBalancers } from "./control.ts";
import type { DeliveredFile, DeliverFiles } from "./deliver.ts";
import { execIn } from "./exec.ts";
import { parseMembers } from "./members-document.ts";
import { drained, rollOut } from "./rollout.ts";

/** The document that changes without a reload. */
const membersFile = "members.json";

/** What the exit codes of `hotspare-apply` mean for who serves. */
const outcomes: Readonly<Record<number, string>> = {
  2: "refused its new configuration and goes on with the old one",
  3: "took its new configuration, but does not answer with it",
  4: "could not load its new configuration and went back to the old one",
  75: "is still busy with an earlier change",
};

/**
 * Delivery by the Docker API: new members are gated and ramped up first, then an archive goes into the balancer's volume and
 * the image's own `hotspare-apply` takes it.
 */
export function deliverByApi(docker: Docker): DeliverFiles {
  return async ({ container: id, files, labels, pace }) => {
    const here = new BalancerControl(docker, id);
    const members = files.find(({ path }) => path === membersFile);
    if (members !== undefined) {
      const all = await runningBalancers(docker, labels);
      await rollOut(here, all, parseMembers(members.content), pace);
    }
    const container = docker.getContainer(id);
    await container.putArchive(await archive(files), { path: stateFolder });
    const { exitCode, stdout, stderr } = await execIn(docker, id, ["hotspare-apply"]);
    if (exitCode !== 0) {
      const { Name } = await container.inspect();
      throw new Error(
        `${Name.slice(1)} ${outcomes[exitCode] ?? "could not take its new configuration"} (hotspare-apply, exit ${exitCode}):\n${(stderr || stdout).trim()}`,
      );
    }
    await drained(here, pace);
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
