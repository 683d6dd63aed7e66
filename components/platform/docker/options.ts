import type * as docker from "@pulumi/docker";
import type { ContainerOptions } from "../../plan/container-options.ts";

type Given = Pick<
  docker.ContainerArgs,
  "command" | "user" | "volumes" | "tmpfs" | "capabilities" | "shmSize" | "ulimits"
>;

/**
 * What the stack gives a container beside its image. It has no capability but those that the stack names: it listens on a high port and
 * changes nothing of the system.
 *
 * @param binds files that are mounted one by one
 */
export function givenOptions(
  options: ContainerOptions,
  binds: readonly docker.types.input.ContainerVolume[] = [],
): Given {
  const { command, user, volumes = {}, tmpfs, capabilities, shm, ulimits } = options;
  const mounted = [
    ...sorted(volumes).map(([, { volume, path }]) => ({ volumeName: volume, containerPath: path })),
    ...binds,
  ];
  // With the prefix: without it every refresh would replace the container.
  const adds = [...(capabilities ?? [])].sort().map((name) => `CAP_${name}`);
  return {
    ...(command === undefined ? {} : { command: [...command] }),
    ...(user === undefined ? {} : { user }),
    ...(mounted.length === 0 ? {} : { volumes: mounted }),
    ...(tmpfs === undefined ? {} : { tmpfs: inMemory(tmpfs) }),
    capabilities: { drops: ["ALL"], ...(adds.length === 0 ? {} : { adds }) },
    ...(shm === undefined ? {} : { shmSize: Math.ceil(shm / 1024 ** 2) }),
    ...(ulimits === undefined
      ? {}
      : {
          ulimits: sorted(ulimits).map(([name, bounds]) => ({ name, ...bounds })),
        }),
  };
}

/** By name, so that the order in which a stack says things is never a change. */
function sorted<Value>(record: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Anybody may write there, as in `/tmp`: the program's account is the image's affair. */
export function inMemory(tmpfs: NonNullable<ContainerOptions["tmpfs"]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tmpfs).map(([path, bytes]) => [
      path,
      `size=${Math.ceil(bytes / 1024)}k,mode=1777,nosuid,nodev`,
    ]),
  );
}
