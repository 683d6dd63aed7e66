import type { Duplex, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { besideCluster, labelPrefix, taskLabel } from "../../../components/plan/labels.ts";
import { machineName } from "../../../components/plan/machine.ts";
import { startExec } from "../../../components/platform/docker/start-exec.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { currentOwner } from "../../stacks.ts";
import type { PlatformTasks, TaskStreams } from "../inside.ts";
import { runningDocker } from "./connect.ts";
import { type ContainerView, holderOf, listContainers, type Ownership } from "./view.ts";

/** Milliseconds for a program to be over that reads no more. */
const patience = 10_000;

/** Tasks on a Docker Engine: commands in containers that run, and containers of their own. */
export async function tasksOf(stack: string): Promise<PlatformTasks> {
  return tasksBy(await runningDocker(), { owner: currentOwner(), stack });
}

export function tasksBy(docker: Docker, ownership: Required<Ownership>): PlatformTasks {
  const running = async () =>
    (await listContainers(docker, ownership)).filter(({ state }) => state === "running");
  return {
    exec: async (key, command, streams) => {
      const there = await running();
      // The newest of a key is the last.
      const view = there.findLast((one) => one.key === key);
      if (view === undefined) throw notRunning(key, there);
      return exec(docker, view.id, command, streams);
    },
    run: async (pool, command, streams) => {
      const node = (await running()).findLast(
        ({ key, role }) => ["active", "hot"].includes(role) && key.replace(/(-hot)?-\d+$/, "") === pool,
      );
      if (node === undefined)
        throw new UserError(
          `no node of the pool ${pool} runs, so there is no release to run it of; \`./hotspare up ${ownership.stack}\``,
          exitCodes.degraded,
        );
      return runBeside(docker, ownership, node, command, streams);
    },
  };
}

function notRunning(key: string, there: readonly ContainerView[]): UserError {
  const keys = [...new Set(there.map((one) => one.key))].join(", ");
  return new UserError(`${key} does not run; there are [${keys}]`, exitCodes.degraded);
}

async function exec(
  docker: Docker,
  id: string,
  command: readonly string[],
  streams: TaskStreams,
): Promise<number> {
  const created = await docker.getContainer(id).exec({
    Cmd: [...command],
    AttachStdin: streams.stdin !== null,
    AttachStdout: true,
    AttachStderr: true,
    Tty: streams.terminal,
  });
  const connection = await startExec(created, { Tty: streams.terminal });
  await joined(docker, connection, streams, (size) => created.resize(size));
  // Where its input broke off, the engine may not have heard of its end yet.
  for (const deadline = Date.now() + patience; ; await sleep(50)) {
    const { Running, ExitCode } = await created.inspect();
    if (!Running) return ExitCode ?? exitCodes.failed;
    if (Date.now() > deadline)
      throw new UserError(
        `there is no connection to ${command[0]} any more; it still runs`,
        exitCodes.failed,
      );
  }
}

/**
 * A container as the node is: its image, variables, account, rights, bounds and files, and what its pool shares; a node's own volumes are
 * that node's alone. Its label is not the cluster's own: no \`up\` takes it for a leftover. It goes when its command has ended.
 */
async function runBeside(
  docker: Docker,
  ownership: Required<Ownership>,
  node: ContainerView,
  command: readonly string[],
  streams: TaskStreams,
): Promise<number> {
  const inspected = await docker.getContainer(node.id).inspect();
  const { Config, HostConfig } = inspected;
  // What a pool shares is not named by a node's key.
  const own = machineName(Config.Labels[`${labelPrefix}cluster`] ?? "", ownership.owner, `${node.key}-`);
  const task = await docker.createContainer({
    Image: Config.Image,
    Cmd: [...command],
    Env: Config.Env,
    User: Config.User,
    WorkingDir: Config.WorkingDir,
    Labels: { [taskLabel]: besideCluster(ownership.owner, ownership.stack) },
    OpenStdin: streams.stdin !== null,
    StdinOnce: true,
    AttachStdin: streams.stdin !== null,
    AttachStdout: true,
    AttachStderr: true,
    Tty: streams.terminal,
    HostConfig: {
      NetworkMode: await networkOf(docker, inspected),
      Binds: (HostConfig.Binds ?? []).filter((bind) => !bind.startsWith(own)),
      CapAdd: HostConfig.CapAdd,
      CapDrop: HostConfig.CapDrop,
      SecurityOpt: HostConfig.SecurityOpt,
      Memory: HostConfig.Memory,
      MemorySwap: HostConfig.MemorySwap,
      NanoCpus: HostConfig.NanoCpus,
      PidsLimit: HostConfig.PidsLimit,
      ReadonlyRootfs: HostConfig.ReadonlyRootfs,
      ShmSize: HostConfig.ShmSize,
      Tmpfs: HostConfig.Tmpfs,
      Ulimits: HostConfig.Ulimits,
    },
  });
  try {
    const connection = await task.attach({
      stream: true,
      hijack: true,
      stdin: streams.stdin !== null,
      stdout: true,
      stderr: true,
    });
    const ended = task.wait({ condition: "next-exit" });
    await task.start();
    await joined(docker, connection as Duplex, streams, (size) => task.resize(size));
    return (await ended).StatusCode;
  } finally {
    await task.remove({ force: true });
  }
}

/** Name of the network that a node is in: its own, or that of the container whose network it has. @throws UserError */
async function networkOf(docker: Docker, node: Docker.ContainerInspectInfo): Promise<string> {
  const holder = holderOf(node.HostConfig.NetworkMode);
  const { NetworkSettings } = holder === null ? node : await docker.getContainer(holder).inspect();
  const [network] = Object.keys(NetworkSettings.Networks);
  if (network !== undefined) return network;
  throw new UserError(
    `${node.Name.replace(/^\//, "")} is in no network, so a program beside it would reach nothing; run \`./hotspare up\``,
    exitCodes.degraded,
  );
}

/** Joins a connection with a task's streams until the task has ended. */
async function joined(
  docker: Docker,
  connection: Duplex,
  { stdin, stdout, stderr, terminal }: TaskStreams,
  resize: (size: { h: number; w: number }) => Promise<unknown>,
): Promise<void> {
  if (terminal) connection.pipe(stdout, { end: false });
  else {
    docker.modem.demuxStream(connection, stdout, stderr);
    for (const stream of [stdout, stderr]) waitFor(stream, connection);
  }
  stdin?.pipe(connection);
  // What is read from or written to a file fails as files do; this process's own streams have their listeners.
  const ends = [...(stdin === null ? [] : [stdin]), stdout, stderr].filter((stream) => !ours.has(stream));
  const restore = terminal ? atTerminal(resize) : () => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      for (const stream of ends) stream.once("error", reject);
      connection
        .once("end", resolve)
        .once("close", resolve)
        // A program that ends before it has read its input is no failure of the connection: its exit code tells.
        .on("error", (error: NodeJS.ErrnoException) =>
          ["EPIPE", "ECONNRESET"].includes(error.code ?? "") ? resolve() : reject(error),
        );
    });
  } finally {
    restore();
    stdin?.unpipe(connection);
    connection.destroy();
    if (stdin === process.stdin) process.stdin.pause();
  }
}

const ours = new Set<unknown>([process.stdin, process.stdout, process.stderr]);

/** Docker's client writes without looking whether anybody takes it: a slow disk would fill the memory. */
function waitFor(stream: NodeJS.WritableStream, connection: Duplex): void {
  connection.on("data", () => {
    if (!(stream as Writable).writableNeedDrain) return;
    connection.pause();
    stream.once("drain", () => connection.resume());
  });
}

/** This terminal is the task's: its keys go there as they are, and its size as well. */
function atTerminal(resize: (size: { h: number; w: number }) => Promise<unknown>): () => void {
  const tell = () => {
    const { rows: h, columns: w } = process.stdout;
    resize({ h, w }).catch(() => undefined);
  };
  process.stdin.setRawMode(true);
  process.stdout.on("resize", tell);
  tell();
  return () => {
    process.stdin.setRawMode(false);
    process.stdout.off("resize", tell);
  };
}
