import { createReadStream, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { type Pack, pack } from "tar-stream";
import { type ContextFile, contextContent, contextFiles } from "../../../infra/build-context.ts";
import { UserError } from "../../exit.ts";
import type { Update } from "../progress.ts";
import { follow, type ImageEvent } from "./follow.ts";
import { packageList, packagesDigest, packagesDigestLabel, packagesFile, packagesOf } from "./packages.ts";

/** A file from elsewhere that a build sees as part of its context. */
export interface ExtraFile {
  /** Its name in the context. */
  path: string;
  /** Where it is. */
  from: string;
}

/** What the engine's classic builder is asked for. */
export interface BuildRequest {
  /** Repository and tag. */
  ref: string;
  folder: string;
  extra?: readonly ExtraFile[];
  buildArgs?: Readonly<Record<string, string>>;
  /** Stage of the Dockerfile that becomes the image; null or left out: the last one. */
  target?: string | null;
  labels: Readonly<Record<string, string>>;
  /** Runs every step, also those that an earlier build has done. */
  uncached?: boolean;
}

const SHOWN_LINES = 30;

/** Builds an image from a folder with a Dockerfile. Throws with the last 30 lines of the build's log. */
export async function buildFromFolder(docker: Docker, request: BuildRequest, update: Update): Promise<void> {
  await buildFromTar(docker, packContext(request.folder, request.extra ?? []), request, update);
}

/** Builds an image from a Dockerfile alone. Throws as `buildFromFolder`. */
export async function buildFromText(
  docker: Docker,
  dockerfile: string,
  request: Omit<BuildRequest, "folder">,
  update: Update,
): Promise<void> {
  const tar = pack();
  tar.entry({ name: "Dockerfile" }, dockerfile);
  tar.finalize();
  await buildFromTar(docker, tar, request, update);
}

/** The image has its name only once it also has the list of its packages. */
async function buildFromTar(
  docker: Docker,
  tar: Pack,
  request: Omit<BuildRequest, "folder">,
  update: Update,
): Promise<void> {
  const unlisted = `${request.ref}-${process.pid}`;
  await runBuild(docker, tar, unlisted, request, update);
  await listPackages(docker, unlisted, request, update);
}

/**
 * Makes the image `request.ref` of another one, with the list of that one's packages in a file and their digest in a label. The
 * other's name goes.
 */
export async function listPackages(
  docker: Docker,
  from: string,
  request: Pick<BuildRequest, "ref" | "labels">,
  update: Update,
): Promise<void> {
  try {
    const packages = await packagesOf(docker, from);
    const tar = pack();
    tar.entry({ name: "Dockerfile" }, `FROM ${from}\nCOPY packages.txt ${packagesFile}\n`);
    tar.entry(header("packages.txt", 0o644), packageList(packages));
    tar.finalize();
    const labels = { ...request.labels, [packagesDigestLabel]: packagesDigest(packages) };
    await runBuild(docker, tar, request.ref, { ref: request.ref, labels }, update);
  } finally {
    await docker.getImage(from).remove({ noprune: true });
  }
}

/** @param tag under which it is to be; messages have that of the request */
async function runBuild(
  docker: Docker,
  tar: Pack,
  tag: string,
  request: Omit<BuildRequest, "folder">,
  update: Update,
): Promise<void> {
  const { ref, buildArgs, target, labels, uncached } = request;
  const log: string[] = [];
  const options = {
    t: tag,
    buildargs: { ...buildArgs },
    ...(target == null ? {} : { target }),
    labels: { ...labels },
    forcerm: true,
    nocache: uncached,
  };
  const events = await docker.buildImage(Readable.from(tar), options);
  const heard = (event: ImageEvent) => {
    log.push(...(event.stream ?? event.status ?? "").split("\n").filter((line) => line.trim() !== ""));
    const step = /^Step (\d+)\/(\d+)/.exec(event.stream ?? "");
    if (step) update("building", `step ${step[1]} of ${step[2]}`);
  };
  await follow(docker, events, heard).catch((error: Error) => {
    throw new UserError(
      `Building the image ${ref} failed: ${error.message}\n${log.slice(-SHOWN_LINES).join("\n")}`,
    );
  });
}

/** The build context as a tar stream, alike for alike files: owners and times are fixed, so that Docker's cache holds. */
export function packContext(folder: string, extra: readonly ExtraFile[]): Pack {
  const tar = pack();
  fill(tar, folder, extra).catch((error: Error) => tar.destroy(error));
  return tar;
}

async function fill(tar: Pack, folder: string, extra: readonly ExtraFile[]): Promise<void> {
  for (const file of contextFiles(folder)) await add(tar, folder, file);
  for (const { path, from } of extra) await addLarge(tar, header(path, 0o755), from);
  tar.finalize();
}

const header = (name: string, mode: number) => ({ name, mode, uid: 0, gid: 0, mtime: new Date(0) });

async function add(tar: Pack, folder: string, file: ContextFile): Promise<void> {
  const { path, mode, link, crlf } = file;
  if (link !== undefined) tar.entry({ ...header(path, mode), type: "symlink", linkname: link });
  else if (crlf) tar.entry(header(path, mode), contextContent(folder, file));
  else await addLarge(tar, header(path, mode), join(folder, path));
}

/** By a stream: a context may have files that are better not held in memory. */
async function addLarge(tar: Pack, head: ReturnType<typeof header>, from: string): Promise<void> {
  await pipeline(createReadStream(from), tar.entry({ ...head, size: statSync(from).size }));
}
