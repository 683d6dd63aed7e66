import { createHash } from "node:crypto";
import { copyFile, cp, glob, link, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { projectRoot } from "../../infra/context.ts";

/*
 * Somebody who has a number and nothing else: no name in passwd, no home, no folder of their own. As containers of CIs run programs.
 */

const uid = "54321";

/** A command line that runs another as that user. Who isn't root gets the number in a user namespace. */
export function asStranger(command: string, ...args: string[]): [string, ...string[]] {
  return process.getuid?.() === 0
    ? ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--", command, ...args]
    : ["unshare", "--user", `--map-user=${uid}`, "--", command, ...args];
}

/** This Node, where everybody may run it; returns the folder for PATH. */
export async function nodeForEverybody(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await link(process.execPath, join(folder, "node")).catch(() =>
    copyFile(process.execPath, join(folder, "node")),
  );
  return folder;
}

/** What only `up` needs: large, and nobody here runs it. */
const onlyForUp = /^(@pulumi|@aws-sdk|esbuild)/;

/** The packages that commands without an engine need, where everybody may read them; returns the node_modules folder. */
export async function packagesForEverybody(folder: string): Promise<string> {
  const modules = join(folder, "node_modules");
  const copied = new Set<string>();
  const copy = async (name: string): Promise<void> => {
    if (copied.has(name) || onlyForUp.test(name)) return;
    copied.add(name);
    await cp(join(projectRoot, "node_modules", name), join(modules, name), { recursive: true });
    for (const needed of await neededBy(join(modules, name))) await copy(needed);
  };
  for (const name of await dependenciesOf(projectRoot)) await copy(name);
  const lock = await readFile(join(projectRoot, "package-lock.json"));
  // As the launcher leaves it: so it takes them for what the lock file asks for.
  await writeFile(join(modules, ".hotspare-lock"), createHash("sha256").update(lock).digest("hex"));
  return modules;
}

/** Also by the packages that a package has inside. */
async function neededBy(folder: string): Promise<string[]> {
  const inside: string[] = [];
  for await (const file of glob("node_modules/{*,@*/*}/package.json", { cwd: folder })) inside.push(file);
  const folders = [folder, ...inside.map((file) => join(folder, dirname(file)))];
  return (await Promise.all(folders.map(dependenciesOf))).flat();
}

async function dependenciesOf(folder: string): Promise<string[]> {
  const { dependencies = {} } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  return Object.keys(dependencies);
}
