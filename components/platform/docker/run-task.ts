import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type Docker from "dockerode";
import { formatDuration } from "../../model/units.ts";
import { taskLabel } from "../../plan/labels.ts";
import type { TaskPlan } from "../../plan/types.ts";
import { toldLines } from "../planned/story.ts";
import { readOnlyRoot } from "./container.ts";
import { fillBy } from "./files.ts";
import { readLog } from "./log.ts";
import { inMemory } from "./options.ts";
import { ofNodes } from "./processes.ts";
import type { RunTask, TaskGiven } from "./task.ts";

/** Seconds between SIGTERM and SIGKILL for a program that takes too long. */
const grace = 10;

/**
 * Runs programs of releases by the engine's API, each in a container of its name, so that one runs at a time: an `up` after one that was
 * killed waits for the program of that one. The container goes when its program has ended.
 */
export function runTaskBy(engine: Docker): RunTask {
  return async (task, given) => {
    await othersEnd(engine, task, given);
    await imageThere(engine, task.image);
    const volume = await filesVolume(engine, task, given);
    try {
      const container = await engine.createContainer(containerOf(task, given, volume?.mountpoint ?? ""));
      try {
        await toItsEnd(engine, container, task, given);
      } finally {
        await container.remove({ force: true }).catch(ignoreGone);
      }
    } finally {
      await volume?.remove();
    }
  };
}

/** Waits for a container of that name that runs, and removes it. @throws Error where it isn't ours */
async function othersEnd(
  engine: Docker,
  { key, name, timeout }: TaskPlan,
  { tell }: TaskGiven,
): Promise<void> {
  const other = engine.getContainer(name);
  const found = await other.inspect().catch(ignoreGone);
  if (found === undefined) return;
  if (found.Config.Labels[taskLabel] === undefined)
    throw new Error(`a container ${name} is there already, and no task of the kit's; rename or remove it`);
  if (found.State.Running) {
    tell("waits for the one of an earlier `up`, which still runs");
    const clock = new AbortController();
    const late = sleep(timeout, "late", { signal: clock.signal }).catch(() => "ended");
    const how = await Promise.race([other.wait().catch(ignoreGone), late]);
    clock.abort();
    if (how === "late")
      throw new Error(
        `${key}: the one of an earlier \`up\` still runs after ${formatDuration(timeout)}; look at it (\`docker logs ${name}\`), end it (\`docker rm --force ${name}\`), and run \`up\` again`,
      );
  }
  await other.remove({ force: true }).catch(ignoreGone);
}

async function imageThere(engine: Docker, image: string): Promise<void> {
  if ((await engine.getImage(image).inspect().catch(ignoreGone)) !== undefined) return;
  const pull = await engine.pull(image);
  await new Promise<void>((resolve, reject) =>
    engine.modem.followProgress(pull, (error) => (error === null ? resolve() : reject(error))),
  );
}

interface FilesVolume {
  readonly mountpoint: string;
  readonly remove: () => Promise<void>;
}

/** Its files, in a volume as those of nodes; null where it has none. */
async function filesVolume(
  engine: Docker,
  { name }: TaskPlan,
  { files, fillImage, labels }: TaskGiven,
): Promise<FilesVolume | null> {
  if (files.length === 0) return null;
  const volume = engine.getVolume(`${name}-files`);
  // What a killed `up` has left may be of another release.
  await volume.remove().catch(ignoreGone);
  await engine.createVolume({ Name: volume.name, Labels: { ...labels } });
  const { Mountpoint: mountpoint } = await volume.inspect();
  await fillBy(engine)(volume.name, fillImage, files, labels);
  return { mountpoint, remove: async () => void (await volume.remove().catch(ignoreGone)) };
}

/** As the release's nodes are made, but for its command and what one node has alone. */
function containerOf(task: TaskPlan, given: TaskGiven, mountpoint: string): Docker.ContainerCreateOptions {
  const { readOnly, tmpfs, volumes = {}, ulimits = {}, shm } = task;
  const folders = { ...(readOnly ? readOnlyRoot("64m").tmpfs : {}), ...inMemory(tmpfs ?? {}) };
  return {
    name: task.name,
    Image: task.image,
    Hostname: task.hostname,
    Cmd: [...task.command],
    Env: [...given.variables],
    ...(task.user === undefined ? {} : { User: task.user }),
    Labels: { ...given.labels },
    HostConfig: {
      NetworkMode: given.network,
      Binds: [
        ...Object.values(volumes).map(({ volume, path }) => `${volume}:${path}`),
        ...given.paths.map((path, index) => `${mountpoint}/${index}:${path}:ro`),
      ],
      CapDrop: ["ALL"],
      CapAdd: (task.capabilities ?? []).map((capability) => `CAP_${capability}`),
      SecurityOpt: ["no-new-privileges"],
      Memory: task.memory,
      MemorySwap: 2 * task.memory,
      NanoCpus: Math.round(task.cpus * 1e9),
      PidsLimit: ofNodes,
      ReadonlyRootfs: readOnly,
      Tmpfs: folders as Record<string, string>,
      ...(shm === undefined ? {} : { ShmSize: shm }),
      Ulimits: Object.entries(ulimits).map(([limit, { soft, hard }]) => ({
        Name: limit,
        Soft: soft,
        Hard: hard,
      })),
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    },
  };
}

async function toItsEnd(
  engine: Docker,
  container: Docker.Container,
  task: TaskPlan,
  { tell }: TaskGiven,
): Promise<void> {
  const ended = container.wait({ condition: "next-exit" });
  await container.start();
  const lines: string[] = [];
  const log = readLog(engine, container.id, { tail: toldLines, follow: true }, (_, text) => {
    lines.push(stripVTControlCharacters(text));
    if (lines.length > toldLines) lines.shift();
    tell(lines.at(-1) ?? "");
  });
  const clock = new AbortController();
  const late = sleep(task.timeout, null, { signal: clock.signal }).catch(() => null);
  const end: { StatusCode: number } | null = await Promise.race([ended, late]);
  clock.abort();
  if (end === null) await container.stop({ t: grace }).catch(ignoreGone);
  await log;
  if (end?.StatusCode === 0) return;
  const { State } = await container.inspect();
  throw new Error(complaint(task, lines, end?.StatusCode ?? null, State.OOMKilled));
}

/** @param code null for a program that took too long */
export function complaint(
  task: Pick<TaskPlan, "command" | "shownAs" | "timeout" | "when">,
  lines: readonly string[],
  code: number | null,
  outOfMemory: boolean,
): string {
  const how =
    code === null
      ? `was ended after ${formatDuration(task.timeout)}, its timeout`
      : `ended with exit code ${code}${outOfMemory ? ", killed for want of memory" : ""}`;
  const what =
    task.when === "before"
      ? "no new node was made, and what served before serves on"
      : "the release serves, and the next `up` runs it again";
  const told = lines.map((line) => `    ${line}`).join("\n");
  const wrote = lines.length === 0 ? "it wrote nothing" : `its last lines:\n${told}`;
  return `pools.${task.shownAs}.${task.when}Release: ${task.command[0]} ${how}; ${what}; ${wrote}`;
}

/** What is gone, or is just going, is what we wanted. */
function ignoreGone(error: { statusCode?: number }): undefined {
  if (![304, 404, 409].includes(error.statusCode ?? 0)) throw error;
}
