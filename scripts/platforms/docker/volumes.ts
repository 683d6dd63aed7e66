import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type Docker from "dockerode";
import { extract } from "tar-stream";
import { besideCluster, toolLabel } from "../../../components/plan/labels.ts";
import { dockerTransport } from "../../../components/platform/docker/transport.ts";
import { holdLease } from "../../../components/platform/planned/lease.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { currentOwner } from "../../stacks.ts";
import type { PlatformVolumes } from "../inside.ts";
import { runningDocker } from "./connect.ts";
import { keptVolumes } from "./sweep.ts";
import { type Ownership, ownershipLabels } from "./view.ts";

/** Where a volume is in the container that reads or writes it. */
const place = "/volume";

/** The volumes of a stack on a Docker Engine. They outlive its containers, so all is found by labels. */
export async function volumesOf(stack: string): Promise<PlatformVolumes> {
  const docker = await runningDocker();
  const ownership = { owner: currentOwner(), stack };
  const list = () => keptVolumes(docker, ownership);
  return {
    list,
    users: async (volume) => (await usersOf(docker, volume)).map(({ name }) => name),
    backup: (volume, file) => withTool(docker, ownership, volume, (tool) => save(tool, file)),
    restore: async (volume, file) => {
      await mustBeWhole(file);
      await holdLease(
        dockerTransport(docker),
        ownershipLabels(ownership),
        `./hotspare volume restore (process ${process.pid})`,
      );
      const users = (await usersOf(docker, volume)).map(({ id }) => docker.getContainer(id));
      await Promise.all(users.map((user) => user.stop()));
      try {
        await withTool(docker, ownership, volume, (tool) => replace(tool, file));
      } finally {
        await Promise.all(users.map((user) => user.start()));
      }
    },
  };
}

/** Running containers that have a volume. */
async function usersOf(docker: Docker, volume: string): Promise<{ id: string; name: string }[]> {
  const found = await docker.listContainers({ filters: JSON.stringify({ volume: [volume] }) });
  return found.map(({ Id, Names: [name = Id] }) => ({ id: Id, name: name.replace(/^\//, "") }));
}

/**
 * Hands over a container that has the volume and, when it is started, empties it. It is of one of the kit's own images, since an
 * application's may have no program at all. Its label is its own: an `up` that sweeps leftovers must not end it.
 */
async function withTool(
  docker: Docker,
  { owner, stack }: Required<Ownership>,
  volume: string,
  use: (tool: Docker.Container) => Promise<void>,
): Promise<void> {
  const [image] = await docker.listImages({
    filters: JSON.stringify({ label: ["hotspare.image=balancer"] }),
  });
  if (image === undefined)
    throw new UserError(
      `the Docker Engine has none of the kit's images; run \`./hotspare images\``,
      exitCodes.missingTool,
    );
  const tool = await docker.createContainer({
    Image: image.Id,
    Entrypoint: ["find", place, "-mindepth", "1", "-delete"],
    Cmd: [],
    User: "0",
    Labels: { [toolLabel]: besideCluster(owner, stack) },
    HostConfig: { Binds: [`${volume}:${place}`], NetworkMode: "none" },
  });
  try {
    await use(tool);
  } finally {
    await tool.remove({ force: true });
  }
}

/** Whole or not at all, and nobody else's to read. */
async function save(tool: Docker.Container, file: string): Promise<void> {
  const partial = `${file}.partial`;
  try {
    const archive = await tool.getArchive({ path: `${place}/.` });
    await pipeline(archive, createGzip(), createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
}

async function replace(tool: Docker.Container, file: string): Promise<void> {
  await tool.start();
  const { StatusCode } = await tool.wait();
  if (StatusCode !== 0) throw new Error(`the volume could not be emptied (exit code ${StatusCode})`);
  await tool.putArchive(createReadStream(file), { path: place });
}

/** Reads it to its end before anything is deleted for it. @throws UserError */
async function mustBeWhole(file: string): Promise<void> {
  const reader = extract();
  reader.on("entry", (_, entry, next) => {
    entry.once("end", next).resume();
  });
  try {
    await pipeline(createReadStream(file), createGunzip(), reader);
  } catch (error) {
    throw new UserError(
      `${file} is no whole backup (${(error as Error).message}); nothing was changed`,
      exitCodes.usage,
    );
  }
}
