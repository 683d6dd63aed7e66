import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { addAbortSignal } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type Docker from "dockerode";
import { extract, pack } from "tar-stream";
import { besideCluster, toolLabel } from "../../../components/plan/labels.ts";
import { dockerTransport } from "../../../components/platform/docker/transport.ts";
import { holdLease } from "../../../components/platform/planned/lease.ts";
import { withSignals } from "../../engine/interrupt.ts";
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
    backup: (volume, file) =>
      untilSignal("nothing was written", (signal) =>
        withTool(docker, ownership, volume, ["true"], (tool) => save(tool, file, signal)),
      ),
    restore: async (volume, file) => {
      await mustBeWhole(file);
      await holdLease(
        dockerTransport(docker),
        ownershipLabels(ownership),
        `./hotspare volume restore (process ${process.pid})`,
      );
      await untilSignal(`${volume} is as it was`, (signal) =>
        replace(docker, ownership, volume, file, signal),
      );
    },
  };
}

/** Lets a signal end the work in good order, for as long as that takes. @param state what then is the case @throws UserError */
async function untilSignal(state: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const asked = new AbortController();
  const onSignal = () => {
    process.stderr.write("\nStopping in good order …\n");
    asked.abort();
  };
  try {
    await withSignals(onSignal, () => work(asked.signal));
  } catch (error) {
    if (!asked.signal.aborted || error instanceof UserError) throw error;
    throw new UserError(`interrupted; ${state}`, exitCodes.interrupted);
  }
}

/**
 * Unpacks a backup beside what is in a volume, and then puts it in its place: whatever fails before, the data are as they were. Who has the
 * volume is stopped meanwhile, and stays so where the data are neither the old nor the new ones.
 */
export async function replace(
  docker: Docker,
  ownership: Required<Ownership>,
  volume: string,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const users = await usersOf(docker, volume);
  const folder = `.hotspare-restore-${randomBytes(6).toString("hex")}`;
  const discard = ["rm", "-rf", `${place}/${folder}`];
  let isWhole = true;
  try {
    const stops = await Promise.allSettled(users.map(({ id }) => docker.getContainer(id).stop()));
    for (const stop of stops) if (stop.status === "rejected") throw stop.reason;
    await withTool(docker, ownership, volume, ["sh", "-c", swap, "sh", place, folder], async (tool) => {
      try {
        await unpack(tool, file, folder, signal);
        signal.throwIfAborted();
        await tool.start();
      } catch (error) {
        // Should it stay, the next restore removes it; what failed is what a person has to hear.
        await withTool(docker, ownership, volume, discard, run).catch(() => undefined);
        throw error;
      }
      isWhole = false;
      await ended(tool);
      isWhole = true;
    });
  } catch (error) {
    if (isWhole) throw error;
    const stopped = users.length === 0 ? "" : `; ${users.map(({ name }) => name).join(", ")} stay stopped`;
    const again = `./hotspare volume restore ${ownership.stack} ${volume} ${file}`;
    throw new UserError(
      `${volume} has only part of its data (${(error as Error).message})${stopped}: run \`${again}\` again, then \`./hotspare up ${ownership.stack}\``,
    );
  } finally {
    if (isWhole) await Promise.all(users.map(({ id }) => docker.getContainer(id).start()));
  }
}

/** Puts what is in a folder of a volume in place of all else there. Parameters: the volume's place, the folder's name. */
export const swap = `set -e
cd "$1"
find . -mindepth 1 -maxdepth 1 ! -name "$2" -exec rm -rf {} +
find "$2" -mindepth 1 -maxdepth 1 -exec mv -t . {} +
rmdir "$2"`;

async function unpack(
  tool: Docker.Container,
  file: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const beside = pack();
  beside.entry({ name: folder, type: "directory", mode: 0o700 });
  beside.finalize();
  await tool.putArchive(await buffer(beside), { path: place });
  const archive = addAbortSignal(signal, createReadStream(file));
  await tool.putArchive(archive, { path: `${place}/${folder}` });
}

async function run(tool: Docker.Container): Promise<void> {
  await tool.start();
  await ended(tool);
}

async function ended(tool: Docker.Container): Promise<void> {
  const { StatusCode } = await tool.wait();
  if (StatusCode !== 0) throw new Error(`the program that works on it ended with exit code ${StatusCode}`);
}

/** Running containers that have a volume. */
async function usersOf(docker: Docker, volume: string): Promise<{ id: string; name: string }[]> {
  const found = await docker.listContainers({ filters: JSON.stringify({ volume: [volume] }) });
  return found.map(({ Id, Names: [name = Id] }) => ({ id: Id, name: name.replace(/^\//, "") }));
}

/**
 * Hands over a container that has the volume and, when it is started, runs a command. It is of one of the kit's own images, since an
 * application's may have no program at all. Its label is its own: an `up` that sweeps leftovers must not end it.
 */
async function withTool(
  docker: Docker,
  { owner, stack }: Required<Ownership>,
  volume: string,
  command: readonly string[],
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
    Entrypoint: [...command],
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
async function save(tool: Docker.Container, file: string, signal: AbortSignal): Promise<void> {
  const partial = `${file}.partial`;
  try {
    const archive = await tool.getArchive({ path: `${place}/.` });
    await pipeline(archive, createGzip(), createWriteStream(partial, { mode: 0o600 }), { signal });
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
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
