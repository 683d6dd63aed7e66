import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { folders } from "../../infra/folders.mjs";
import { canInstallPackages, installPackages } from "./apt.ts";
import { withLock } from "./lock.mjs";
import type { Progress, Update } from "./progress.ts";
import { which } from "./which.ts";

/** moto, a stand-in for AWS's API that tests talk to. The version whose gaps `test/support/aws/moto.ts` knows. */
const version = "5.2.5";

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
  const root = join(cache, `moto-${version}-python-${await pythonVersion(system)}`);
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
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    await run(join(temporary, "bin", "python"), [...pip, `moto[server]==${version}`]);
    renameSync(temporary, root);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
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
  const last = result.all?.trim().split("\n").slice(-3).join("\n");
  throw new Error(`moto can't be installed; \`python3 ${args.join(" ")}\` failed with:\n${last}`);
}
