import type { IncomingMessage } from "node:http";
import { dirname, relative } from "node:path/posix";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { labelPrefix } from "../../plan/labels.ts";
import type { DeliveredFile, DeliveryTransport } from "../planned/transport.ts";
import { execIn } from "./exec.ts";
import { labelFilter } from "./label-filter.ts";
import { nodeStory } from "./story.ts";

/** Files and commands by the Docker API; a machine is a container. */
export function dockerTransport(docker: Docker): DeliveryTransport {
  return {
    exec: (machine, command, options) => execIn(docker, machine, command, options),
    put: async (machine, files, folder) => {
      const container = docker.getContainer(machine);
      const path = await nearestFolder(container, folder);
      await container.putArchive(await archive(files, relative(path, folder)), { path });
    },
    isOn: async (machine) => (await docker.getContainer(machine).inspect()).State.Running,
    nameOf: async (machine) => (await docker.getContainer(machine).inspect()).Name.slice(1),
    runningBalancers: async (labels) => {
      // Of the same role: directors in front of balancers have members of their own.
      const same = ["owner", "stack", "cluster", "role"].map((name) => [
        name,
        labels[`${labelPrefix}${name}`],
      ]);
      const filters = labelFilter(Object.fromEntries(same));
      return (await docker.listContainers({ filters })).map(({ Id }) => Id);
    },
    story: (labels, key, address) => nodeStory(docker, labels, key, address),
  };
}

/** The folder, or the nearest above it that is there: Docker unpacks an archive only where there is a folder. */
async function nearestFolder(container: Docker.Container, folder: string): Promise<string> {
  if (folder === "/") return folder;
  const there = await container.infoArchive({ path: folder }).then(
    (answer: IncomingMessage) => {
      // An answer that nobody reads keeps its connection, and a connection keeps the program from ending.
      answer.resume();
      return true;
    },
    (error: { statusCode?: number }) => {
      if (error.statusCode === 404) return false;
      throw error;
    },
  );
  return there ? folder : nearestFolder(container, dirname(folder));
}

/** The files below `folder`, whose parts are made: a folder that an archive doesn't name would be made for root alone. */
async function archive(files: readonly DeliveredFile[], folder: string): Promise<Buffer> {
  const tar = pack();
  const parts = folder === "" ? [] : folder.split("/");
  for (const index of parts.keys())
    tar.entry({ name: parts.slice(0, index + 1).join("/"), type: "directory", mode: 0o755 });
  for (const file of files)
    tar.entry({ name: [...parts, file.path].join("/"), mode: Number.parseInt(file.mode, 8) }, file.content);
  tar.finalize();
  return buffer(tar);
}
