import { buffer } from "node:stream/consumers";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { fingerprint } from "../../model/hash.ts";
import type { ContainerOptions, FilePlan } from "../../plan/container-options.ts";
import { besideCluster, fillLabel, labelPrefix } from "../../plan/labels.ts";
import type { Place } from "../contract.ts";
import { labelList } from "./container.ts";

/** A file as it is written into a volume. */
export interface WrittenFile {
  readonly name: string;
  readonly content: Buffer;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Writes files into a volume. @param image one that the engine has @param labels of what stands for it meanwhile */
export type FillVolume = (
  volume: string,
  image: string,
  files: readonly WrittenFile[],
  labels: Readonly<Record<string, string>>,
) => Promise<void>;

/** What a container needs to have its files. */
export interface FilesMade<P extends Place> {
  readonly place: P;
  readonly binds: readonly docker.types.input.ContainerVolume[];
  readonly resources: Readonly<Record<string, pulumi.Resource>>;
}

/**
 * Files of a container: each is mounted where it belongs, out of a volume that is filled before the container is made. So owners are what the
 * stack says, the root may be one for reading only, and no value of a secret is in the container's arguments. Docker's uploads have
 * nothing of this: they give all to the container's account, and fail for one that its image doesn't know. Another content is another volume.
 */
export function withFiles<P extends Place>(
  name: string,
  machine: string,
  { files = {} }: Pick<ContainerOptions, "files">,
  place: P,
  fill: FillVolume | undefined,
): FilesMade<P> {
  const sorted = sortedFiles(files);
  if (sorted.length === 0) return { place, binds: [], resources: {} };
  const volume = new docker.Volume(
    `${name}-files`,
    {
      name: `${machine}-files-${fingerprint(JSON.stringify(sorted)).slice(0, 8)}`,
      labels: labelList(place.labels),
    },
    { ...withoutHooks(place.options), deleteBeforeReplace: false },
  );
  const binds = sorted.map(([containerPath], index) => ({
    hostPath: pulumi.interpolate`${volume.mountpoint}/${index}`,
    containerPath,
    readOnly: true,
  }));
  return {
    place: fill === undefined ? place : filledBefore(name, volume, sorted, place, fill),
    binds,
    resources: { files: volume },
  };
}

function filledBefore<P extends Place>(
  name: string,
  volume: docker.Volume,
  files: SortedFiles,
  place: P,
  fill: FillVolume,
): P {
  const hook = new pulumi.ResourceHook(`${name}-files`, async () => {
    const { [`${labelPrefix}owner`]: owner = "", [`${labelPrefix}stack`]: stack = "" } = place.labels;
    const labels = { [fillLabel]: besideCluster(owner, stack) };
    await fill(await plain(volume.name), fillImage(place), await writtenFiles(files, place), labels);
  });
  const { hooks } = place.options;
  const beforeCreate = [...(hooks?.beforeCreate ?? []), hook];
  return { ...place, options: { ...place.options, hooks: { ...hooks, beforeCreate } } };
}

type SortedFiles = readonly (readonly [path: string, FilePlan])[];

export function sortedFiles(files: Readonly<Record<string, FilePlan>>): SortedFiles {
  return Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Image of what writes files: one that stands, since the application's own may have to be pulled yet. */
export function fillImage({ plan }: Place): string {
  return plan.balancers[0]?.image ?? "";
}

/** Files as they are written, each under its number. */
export function writtenFiles(files: SortedFiles, place: Place): Promise<WrittenFile[]> {
  return Promise.all(
    files.map(async ([, { content, owner, group, mode }], index) => ({
      name: String(index),
      content: await bytesOf(content, place),
      uid: Number(owner),
      gid: Number(group),
      mode: Number.parseInt(mode, 8),
    })),
  );
}

async function bytesOf(content: FilePlan["content"], place: Place): Promise<Buffer> {
  if ("secret" in content) return Buffer.from(await plain(place.secret(content.secret)), "utf8");
  return "text" in content ? Buffer.from(content.text, "utf8") : Buffer.from(content.base64, "base64");
}

/** An output's value, once it is known. */
export function plain(output: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => output.apply(resolve));
}

/** Those are the container's. */
const withoutHooks = ({ hooks: _, ...options }: pulumi.CustomResourceOptions) => options;

/** By the engine's API: into a container that has the volume and never runs. */
export function fillBy(engine: Docker): FillVolume {
  return async (volume, image, files, labels) => {
    const folder = "/files";
    const container = await engine.createContainer({
      Image: image,
      Labels: labels,
      HostConfig: { Binds: [`${volume}:${folder}`], NetworkMode: "none" },
    });
    try {
      const tar = pack();
      for (const { content, ...header } of files) tar.entry({ ...header, mtime: new Date(0) }, content);
      tar.finalize();
      await container.putArchive(await buffer(tar), { path: folder });
    } finally {
      await container.remove({ force: true });
    }
  };
}
