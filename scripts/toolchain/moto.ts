import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { execa } from "execa";
import { folders } from "../../infra/folders.mjs";
import { canInstallPackages, installPackages } from "./apt.ts";
import { downloadFailure } from "./digests.mjs";
import { withLock } from "./lock.mjs";
import type { Progress, Update } from "./progress.ts";
import { ROOT } from "./versions.ts";
import { which } from "./which.ts";

/**
 * moto, a stand-in for AWS's API that tests talk to, and all that it needs, each with the digests of its files. The version is the one
 * whose gaps `test/support/aws/moto.ts` knows. Written by
 * `echo 'moto[server]==5.2.5' | uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.10 - -o moto.txt`.
 */
export const motoRequirements = join(import.meta.dirname, "moto.txt");

/**
 * A Python that has moto, in the cache; made when it isn't there (about half a minute). Start it with
 * `python -m moto.server`.
 *
 * @returns the path of the Python
 * @throws with one sentence that says what is missing and what to do
 */
export async function ensureMoto(progress: Progress): Promise<string> {
  const system = which("python3");
  if (system === undefined)
    throw new Error("Tests against moto need Python 3. Install python3 and try again.");
  const { cache } = folders();
  const requirements = readFileSync(motoRequirements, "utf8");
  const version = /^moto==(\S+)/m.exec(requirements)?.[1];
  const digest = createHash("sha256").update(requirements).digest("hex").slice(0, 8);
  const root = join(cache, `moto-${version}-${digest}-python-${await pythonVersion(system)}`);
  const python = join(root, "bin", "python");
  if (existsSync(python)) return python;
  await progress.task(`moto ${version}`, async (update) => {
    await withLock(
      `${root}.lock`,
      async () => {
        if (!existsSync(python)) await make(system, cache, root, update);
      },
      (pid) => update(`waiting for process ${pid}`),
    );
    update("installed");
  });
  return python;
}

/** Packages of one Python don't work in another, so its version is part of the key: `3.11`. */
async function pythonVersion(python: string): Promise<string> {
  const program = "import sys; print('%d.%d' % sys.version_info[:2])";
  return (await execa(python, ["-c", program], { stdin: "ignore" })).stdout.trim();
}

/** Elsewhere first, then moved: what is killed on the way leaves nothing that looks whole. */
async function make(system: string, cache: string, root: string, update: Update): Promise<void> {
  await ensureVenv(system, update);
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, ".moto-"));
  try {
    update("making a virtual environment");
    await run(system, ["-m", "venv", temporary]);
    update("installing");
    await installPinned(join(temporary, "bin", "python"), motoRequirements);
    renameSync(temporary, root);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Installs what a file of requirements names, with the digests that it has, and nothing that would run code to be installed.
 *
 * @throws when something can't be had, or is another content
 */
export async function installPinned(python: string, requirements: string): Promise<void> {
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  await run(python, [...pip, "--require-hashes", "--only-binary=:all:", "--requirement", requirements]);
}

/** Debian has the part of Python that makes virtual environments in a package of its own. */
async function ensureVenv(python: string, update: Update): Promise<void> {
  const has = async () => !(await execa(python, ["-c", "import ensurepip, venv"], { reject: false })).failed;
  if (await has()) return;
  if (canInstallPackages()) {
    update("installing python3-venv");
    await installPackages(["python3-venv"]);
    if (await has()) return;
  }
  throw new Error(
    "Tests against moto need Python's venv. Install python3-venv (Debian, Ubuntu) and try again.",
  );
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const result = await execa(command, args, { all: true, reject: false, stdin: "ignore" });
  if (!result.failed) return;
  const changed = downloadFailure("a package of moto", result.all ?? "", relative(ROOT, motoRequirements));
  if (changed !== undefined) throw new Error(changed);
  const last = result.all?.trim().split("\n").slice(-3).join("\n");
  throw new Error(`moto can't be installed; \`python3 ${args.join(" ")}\` failed with:\n${last}`);
}
