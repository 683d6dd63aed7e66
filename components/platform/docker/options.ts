import type * as docker from "@pulumi/docker";
import type { ContainerOptions } from "../../plan/container.ts";

type Given = Pick<
  docker.ContainerArgs,
  "command" | "user" | "tmpfs" | "capabilities" | "shmSize" | "ulimits"
>;

/**
 * What the stack gives a container beside its image. It has no capability but those that the stack names: it listens on a high port and
 * changes nothing of the system.
 */
export function givenOptions(options: ContainerOptions): Given {
  const { command, user, tmpfs, capabilities, shm, ulimits } = options;
  // With the prefix: without it every refresh would replace the container.
  const adds = [...(capabilities ?? [])].sort().map((name) => `CAP_${name}`);
  return {
    ...(command === undefined ? {} : { command: [...command] }),
    ...(user === undefined ? {} : { user }),
    ...(tmpfs === undefined ? {} : { tmpfs: inMemory(tmpfs) }),
    capabilities: { drops: ["ALL"], ...(adds.length === 0 ? {} : { adds }) },
    ...(shm === undefined ? {} : { shmSize: Math.ceil(shm / 1024 ** 2) }),
    ...(ulimits === undefined
      ? {}
      : {
          ulimits: Object.entries(ulimits)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, bounds]) => ({ name, ...bounds })),
        }),
  };
}

/** Anybody may write there, as in `/tmp`: the program's account is the image's affair. */
function inMemory(tmpfs: NonNullable<ContainerOptions["tmpfs"]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tmpfs).map(([path, bytes]) => [
      path,
      `size=${Math.ceil(bytes / 1024)}k,mode=1777,nosuid,nodev`,
    ]),
  );
}
