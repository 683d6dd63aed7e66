import type * as docker from "@pulumi/docker";
import type { ContainerOptions } from "../../plan/container.ts";
import type { Place } from "../contract.ts";

type Given = Pick<
  docker.ContainerArgs,
  "command" | "user" | "uploads" | "volumes" | "tmpfs" | "capabilities" | "shmSize" | "ulimits"
>;

/**
 * What the stack gives a container beside its image. It has no capability but those that the stack names: it listens on a high port and
 * changes nothing of the system.
 */
export function givenOptions(options: ContainerOptions, { secret }: Pick<Place, "secret">): Given {
  const { command, user, files, volumes, tmpfs, capabilities, shm, ulimits } = options;
  // With the prefix: without it every refresh would replace the container.
  const adds = [...(capabilities ?? [])].sort().map((name) => `CAP_${name}`);
  return {
    ...(command === undefined ? {} : { command: [...command] }),
    ...(user === undefined ? {} : { user }),
    ...(files === undefined ? {} : { uploads: uploads(files, secret) }),
    ...(volumes === undefined
      ? {}
      : {
          volumes: sorted(volumes).map(([, { volume, path }]) => ({
            volumeName: volume,
            containerPath: path,
          })),
        }),
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

/** What is put into the container between its making and its start. A secret's value is one in the engine's sense. */
function uploads(
  files: NonNullable<ContainerOptions["files"]>,
  secret: Place["secret"],
): docker.types.input.ContainerUpload[] {
  return sorted(files).map(([file, { content, owner, group, mode }]) => ({
    file,
    owner,
    group,
    permissions: mode,
    ...("secret" in content
      ? { content: secret(content.secret) }
      : "text" in content
        ? { content: content.text }
        : { contentBase64: content.base64 }),
  }));
}

/** By name, so that the order in which a stack says things is never a change. */
function sorted<Value>(record: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
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
