import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { baseRef, readBase } from "../../../infra/images.ts";
import { canInstallPackages, installPackages } from "../apt.ts";
import { firstSeen, firstSeenFile, holdToFirst } from "../first-seen.ts";
import { withLock } from "../lock.mjs";
import type { Progress, Update } from "../progress.ts";
import { which } from "../which.ts";
import { type AptSources, sourcesFor } from "./apt-sources.ts";
import { buildFromText, listPackages } from "./build.ts";
import { follow } from "./follow.ts";

/** How long a registry may take to begin a download. */
const PROBE_MS = 4_000;

/** Label of the base image with the UTC day on which its packages were fetched. */
export const fetchedLabel = "hotspare.packages";

/**
 * Makes the base image: from the engine's registry where one answers, else by mmdebstrap with the package sources of
 * this machine. The second way's result is kept in the cache, for the next engine.
 *
 * @throws with one sentence when neither way is open
 */
export async function makeBase(
  docker: Docker,
  cache: string,
  progress: Progress,
  update: Update,
): Promise<void> {
  const { suite, packages } = readBase();
  const tagged = `debian:${suite}-slim`;
  update(`asking for ${tagged}`);
  const upstream = await pullPinned(docker, tagged, progress);
  if (upstream !== null) {
    update("building");
    // The registry's image may be older than the last fixes.
    const install = `apt-get upgrade -y && apt-get install -y --no-install-recommends ${packages.join(" ")}`;
    const dockerfile = `FROM ${upstream}\nRUN apt-get update && ${install} && rm -rf /var/lib/apt/lists/*\n`;
    const request = { ref: baseRef(), labels: labels(new Date()), uncached: true };
    await buildFromText(docker, dockerfile, request, update);
    update(`from ${upstream}`);
    return;
  }
  const tar = join(cache, "images", `${baseRef().replace(/\W/g, "-")}.tar`);
  await withLock(`${tar}.lock`, () => bootstrap(docker, tar, update));
  update("importing");
  const [repo, tag] = baseRef().split(":");
  const changes = Object.entries(labels(statSync(tar).mtime)).map(
    ([name, value]) => `LABEL ${name}=${value}`,
  );
  const unlisted = `${tag}-${process.pid}`;
  await follow(docker, await docker.importImage(tar, { repo, tag: unlisted, changes }));
  await listPackages(docker, `${repo}:${unlisted}`, { ref: baseRef(), labels: {} }, update);
  update(`from packages of ${suite}, by this machine's sources`);
}

const labels = (fetched: Date) => ({
  "hotspare.image": "base",
  [fetchedLabel]: fetched.toISOString().slice(0, 10),
});

/**
 * The image of a tag, by the content that it had when somebody pulled it first for the packages of this day; a tag alone is whatever its
 * registry says today.
 *
 * @returns its reference by digest; null when no registry has it
 * @throws when the engine tells no digest of what it pulled
 */
export async function pullPinned(
  docker: Docker,
  tagged: string,
  progress: Progress,
  file = firstSeenFile,
): Promise<string | null> {
  const repository = tagged.slice(0, tagged.indexOf(":"));
  const name = `${tagged} of ${readBase().date}`;
  const known = firstSeen(name, file);
  const wanted = known === undefined ? tagged : `${repository}@${known.digest}`;
  if (!(await pull(docker, wanted))) return null;
  if (known !== undefined) return wanted;
  const { RepoDigests } = await docker.getImage(tagged).inspect();
  const pinned = RepoDigests?.find((digest) => digest.startsWith(`${repository}@`));
  if (pinned === undefined) throw new Error(`the Docker Engine pulled ${tagged} and tells no digest of it`);
  const digest = pinned.slice(repository.length + 1);
  await holdToFirst(progress, name, { digest, from: "the engine's registry" }, file);
  return pinned;
}

/** The engine is asked, not the registry: it may have mirrors and proxies of its own. */
async function pull(docker: Docker, upstream: string): Promise<boolean> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), PROBE_MS);
  try {
    const events = await docker.pull(upstream, { abortSignal: late.signal });
    clearTimeout(timer);
    await follow(docker, events);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

async function bootstrap(docker: Docker, tar: string, update: Update): Promise<void> {
  if (existsSync(tar)) return;
  const { suite, packages } = readBase();
  const sources = await aptSources(docker, suite);
  if (!which("mmdebstrap")) {
    update("installing mmdebstrap");
    await installPackages(["mmdebstrap"]);
  }
  update("collecting Debian packages (about 30 s)");
  mkdirSync(dirname(tar), { recursive: true });
  const own = `${dirname(tar)}/debian.${sources.format}`;
  writeFileSync(own, sources.text);
  const fresh = `${tar}.new`;
  const args = ["--variant=minbase", `--include=${packages.join(",")}`, "--format=tar", suite, fresh, own];
  const result = await execa("mmdebstrap", args, { all: true, reject: false, stdin: "ignore" });
  rmSync(own);
  if (result.failed) {
    rmSync(fresh, { force: true });
    const last = result.all?.trim().split("\n").slice(-8).join("\n");
    throw new Error(
      `mmdebstrap could not make the base image of ${suite}. Check this machine's package sources (${sources.file}):\n${last}`,
    );
  }
  renameSync(fresh, tar);
  dropOlder(tar);
}

/** Bases of earlier days and releases: an engine that has none is given today's. */
function dropOlder(tar: string): void {
  const older = readdirSync(dirname(tar)).filter(
    (name) => /^hotspare-base-.*\.tar$/.test(name) && name !== basename(tar),
  );
  for (const name of older) rmSync(join(dirname(tar), name), { force: true });
}

/** This machine's package sources for a release of Debian, when they can make the image for that engine. */
async function aptSources(docker: Docker, suite: string): Promise<AptSources> {
  const { Arch } = await docker.version();
  const sameArchitecture = Arch === (process.arch === "x64" ? "amd64" : process.arch);
  const ours = sameArchitecture && (which("mmdebstrap") || canInstallPackages()) ? sourcesFor(suite) : null;
  if (ours !== null) return ours;
  throw new Error(
    `The base image needs debian:${suite}-slim, and the engine's registry does not answer. Connect the engine to a registry, or make \`docker pull debian:${suite}-slim\` work, or run this as root on a Debian whose package sources also have ${suite}.`,
  );
}
