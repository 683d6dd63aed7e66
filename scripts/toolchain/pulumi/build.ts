import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { withLock } from "../lock.mjs";
import { engineParts, type Part } from "../parts.ts";
import type { Progress, Update } from "../progress.ts";
import { GO_MODULE, pinnedVersions } from "../versions.ts";
import { ensureGo } from "./go.ts";

const HOST = join(import.meta.dirname, "../language-host/pulumi-language-nodejs.mjs");
const MAINS: Readonly<Record<"cli" | "provider", string>> = {
  cli: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  provider: "./pulumi-resource-docker",
};
/** Debug information and Docker Compose are left out: a third of the time, and nothing that hotspare uses. */
const FLAGS = ["-trimpath", "-tags=no_compose", "-gcflags=all=-dwarf=false"];
/** Modules and compiler cache together, at their largest. */
const NEEDED_GB = 5;
const INPUTS = ["go.mod", "go.sum", "pulumi-resource-docker/main.go"];

/** The name under which a build is cached: it changes with everything that the result depends on. */
export function buildKey(parts: readonly Part[], target = `${process.platform}-${process.arch}`): string {
  const hash = createHash("sha256");
  hash.update(
    JSON.stringify([[...parts].sort(), target, pinnedVersions(), FLAGS, linkerFlags(), wrapper("")]),
  );
  for (const file of [...INPUTS.map((name) => join(GO_MODULE, name)), HOST])
    hash.update(readFileSync(file)).update("\0");
  return hash.digest("hex").slice(0, 16);
}

/** The folder of the finished build of these parts; undefined when it has not been made yet. */
export function cachedBuild(cache: string, parts: readonly Part[]): string | undefined {
  const folder = join(cache, "pulumi", buildKey(parts));
  return existsSync(folder) ? join(folder, "bin") : undefined;
}

/**
 * Builds parts of the toolchain into the cache and returns the folder with the executables. Compiler and module caches
 * are the build's own: kept while it is unfinished, so that an interrupted build goes on where it was, and removed after.
 *
 * @throws with the compiler's last lines
 */
export async function build(progress: Progress, cache: string, parts: readonly Part[]): Promise<string> {
  const title = `Pulumi from source (${parts.map((part) => NAMES[part]).join(", ")})`;
  return progress.task(title, async (update) => {
    const root = join(cache, "pulumi");
    const onWait = (pid: number) => update(`waiting for process ${pid}, which is building it`);
    return withLock(
      join(root, "build.lock"),
      async () => {
        const done = cachedBuild(cache, parts);
        if (done) return done;
        const fresh = join(root, ".new"); // the lock's owner alone writes here
        rmSync(fresh, { recursive: true, force: true });
        try {
          // Its versions are pinned, so a CLI that was built before is the one that would be built now.
          const before = parts.includes("cli") ? cachedBuild(cache, engineParts) : undefined;
          await make(join(fresh, "bin"), join(root, "build"), parts, before, update);
          renameSync(fresh, join(root, buildKey(parts)));
        } finally {
          rmSync(fresh, { recursive: true, force: true });
        }
        return join(root, buildKey(parts), "bin");
      },
      onWait,
    );
  });
}

const NAMES: Readonly<Record<Part, string>> = {
  cli: "CLI",
  provider: "Docker provider",
  host: "Node language host",
};

/** @param before folder of an earlier build with the CLI */
async function make(
  bin: string,
  work: string,
  parts: readonly Part[],
  before: string | undefined,
  update: Update,
): Promise<void> {
  mkdirSync(bin, { recursive: true });
  const made = before === undefined ? [] : ["cli"];
  if (before !== undefined) copyFileSync(join(before, "pulumi"), join(bin, "pulumi"));
  const mains = parts.flatMap((part) => (part === "host" || made.includes(part) ? [] : [MAINS[part]]));
  if (mains.length > 0) {
    mkdirSync(work, { recursive: true });
    checkSpace(work);
    await compile(bin, work, mains, update);
    update("removing the compiler's files");
    rmSync(work, { recursive: true, force: true });
  }
  if (parts.includes("host")) installHost(bin);
  update("built");
}

function checkSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / 1e9;
  if (free >= NEEDED_GB) return;
  throw new Error(
    `Building Pulumi needs ${NEEDED_GB} GB for a while, and ${folder} has ${free.toFixed(1)} GB free. Free some, or set XDG_CACHE_HOME to a folder with more.`,
  );
}

async function compile(bin: string, work: string, mains: readonly string[], update: Update): Promise<void> {
  const go = await ensureGo(work, pinnedVersions().go, update);
  const env = {
    GOFLAGS: "-buildvcs=false -modcacherw",
    GOTOOLCHAIN: "local",
    GOWORK: "off",
    CGO_ENABLED: "0",
    GOPATH: join(work, "path"),
    GOMODCACHE: join(work, "modules"),
    GOCACHE: join(work, "compiled"),
  };
  const run = (args: readonly string[]) =>
    execa(go, args, { cwd: GO_MODULE, env, all: true, reject: false, stdin: "ignore" });
  update("downloading Go modules (20 s to 2 min)");
  const list = check(await run(["list", "-deps", "-tags=no_compose", ...mains]), "go list");
  const total = list.stdout.split("\n").length;
  update("compiling (4 to 8 min on 2 cores)");
  const building = run(["build", "-v", ...FLAGS, `-ldflags=${linkerFlags()}`, "-o", `${bin}/`, ...mains]);
  let compiled = 0;
  building.stderr?.on("data", (chunk: Buffer) => {
    compiled += chunk.toString().split("\n").length - 1; // -v prints a line for each package
    update("compiling (4 to 8 min on 2 cores)", `${compiled} of ${total} packages`);
  });
  check(await building, "go build");
}

function linkerFlags(): string {
  const { cli, dockerProvider } = pinnedVersions();
  const version = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${cli}`;
  return `-s -w ${version} -X main.dockerProviderVersion=${dockerProvider}`;
}

function check<R extends { failed: boolean; all?: string | undefined }>(result: R, what: string): R {
  if (!result.failed) return result;
  const last = result.all?.trim().split("\n").slice(-12).join("\n");
  throw new Error(
    `${what} failed, so Pulumi could not be built. Install Pulumi by hand, or see what is wrong in the last lines:\n${last}`,
  );
}

/** An extensionless Node file may be read as an ES module or not, depending on where it lies: hence the sh wrapper. */
function installHost(bin: string): void {
  copyFileSync(HOST, join(bin, "pulumi-language-nodejs.mjs"));
  writeFileSync(join(bin, "pulumi-language-nodejs"), wrapper(process.execPath));
  chmodSync(join(bin, "pulumi-language-nodejs"), 0o755);
}

function wrapper(node: string): string {
  return `#!/bin/sh
here=$(dirname "$0")
for node in ./node_modules/.bin/node '${node}' node; do
  command -v "$node" >/dev/null 2>&1 && exec "$node" "$here/pulumi-language-nodejs.mjs" "$@"
done
echo "pulumi-language-nodejs: no node on PATH" >&2
exit 1
`;
}
