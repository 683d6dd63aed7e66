import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { BASE, baseRef } from "../../../infra/images.ts";
import { canInstallPackages, installPackages } from "../apt.ts";
import { withLock } from "../lock.mjs";
import type { Update } from "../progress.ts";
import { which } from "../which.ts";
import { buildFromText } from "./build.ts";

/** How long a registry may take to begin a download. */
const PROBE_MS = 4_000;
const LABELS = { "hotspare.image": "base" };
const UPSTREAM = `debian:${BASE.suite}-slim`;

/**
 * Makes the base image: from the engine's registry where one answers, else by mmdebstrap with the package sources of
 * this machine. The second way's result is kept in the cache, for the next engine.
 *
 * @throws with one sentence when neither way is open
 */
export async function makeBase(docker: Docker, cache: string, update: Update): Promise<void> {
  update(`asking for ${UPSTREAM}`);
  if (await pull(docker)) {
    update("building");
    const install = `apt-get update && apt-get install -y --no-install-recommends ${BASE.packages.join(" ")}`;
    const dockerfile = `FROM ${UPSTREAM}\nRUN ${install} && rm -rf /var/lib/apt/lists/*\n`;
    await buildFromText(docker, dockerfile, { ref: baseRef(), labels: LABELS }, update);
    update(`from ${UPSTREAM}`);
    return;
  }
  const tar = join(cache, "images", `${baseRef().replace(/\W/g, "-")}.tar`);
  await withLock(`${tar}.lock`, () => bootstrap(docker, tar, update));
  update("importing");
  const [repo, tag] = baseRef().split(":");
  const changes = Object.entries(LABELS).map(([name, value]) => `LABEL ${name}=${value}`);
  const events = await docker.importImage(tar, { repo, tag, changes });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(events, (error) => (error ? reject(error) : resolve()));
  });
  update("from this machine's Debian packages");
}

/** The engine is asked, not the registry: it may have mirrors and proxies of its own. */
async function pull(docker: Docker): Promise<boolean> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), PROBE_MS);
  try {
    const events = await docker.pull(UPSTREAM, { abortSignal: late.signal });
    clearTimeout(timer);
    return await new Promise((resolve) => docker.modem.followProgress(events, (error) => resolve(!error)));
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

async function bootstrap(docker: Docker, tar: string, update: Update): Promise<void> {
  if (existsSync(tar)) return;
  const sources = await aptSources(docker);
  if (!which("mmdebstrap")) {
    update("installing mmdebstrap");
    await installPackages(["mmdebstrap"]);
  }
  update("collecting Debian packages (about 30 s)");
  mkdirSync(dirname(tar), { recursive: true });
  const fresh = `${tar}.new`;
  const args = [
    "--variant=minbase",
    `--include=${BASE.packages.join(",")}`,
    "--format=tar",
    BASE.suite,
    fresh,
    sources,
  ];
  const result = await execa("mmdebstrap", args, { all: true, reject: false, stdin: "ignore" });
  if (result.failed) {
    rmSync(fresh, { force: true });
    const last = result.all?.trim().split("\n").slice(-8).join("\n");
    throw new Error(
      `mmdebstrap could not make the base image. Check this machine's package sources (${sources}):\n${last}`,
    );
  }
  renameSync(fresh, tar);
}

/** The file with this machine's Debian sources, when they can make the image for that engine. */
async function aptSources(docker: Docker): Promise<string> {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const fits = release.includes(`VERSION_CODENAME=${BASE.suite}`) && /^ID=debian$/m.test(release);
  const { Arch } = await docker.version();
  const sources = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"].find(existsSync);
  const sameArchitecture = Arch === (process.arch === "x64" ? "amd64" : process.arch);
  if (fits && sameArchitecture && sources && (which("mmdebstrap") || canInstallPackages())) return sources;
  throw new Error(
    `The base image needs ${UPSTREAM}, and the engine's registry does not answer. Connect the engine to a registry, or make \`docker pull ${UPSTREAM}\` work, or run this as root on Debian ${BASE.suite}.`,
  );
}
