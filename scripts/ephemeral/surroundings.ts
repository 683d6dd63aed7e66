import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backendUrl, ownerId, personalIdentity } from "../../infra/owner.ts";
import { kitRoot } from "../../infra/project-root.ts";
import { type StackSource, stackFileVariable } from "../../infra/stack-source.ts";
import { engineFolderVariable } from "../engine/folder.ts";
import { projectName } from "../stacks.ts";
import type { EphemeralRecord } from "./record.ts";
import { folderOf } from "./store.ts";

/*
 * What makes a cluster an owner of its own: a state, settings, an identity and a passphrase that are in its folder and nowhere else. Every
 * command that is run with these variables works on it and on nothing else, by the same code as on every other cluster.
 */

/** The environment of commands on a cluster. */
export function environmentIn({ name, place }: Pick<EphemeralRecord, "name" | "place">): NodeJS.ProcessEnv {
  return { ...environmentOf(folderOf(name)), ...place.variables };
}

/** The same of a folder that is to hold one. */
export function environmentOf(folder: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return {
    ...env,
    XDG_STATE_HOME: join(folder, "state"),
    XDG_CONFIG_HOME: join(folder, "person"),
    PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
    PULUMI_ACCESS_TOKEN: undefined,
    PULUMI_CONFIG_PASSPHRASE: undefined,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
    [engineFolderVariable]: folder,
    [stackFileVariable]: join(folder, "stack.json"),
  };
}

/** Fills a new folder. The program is this checkout's own. */
export function prepareFolder(folder: string, source: StackSource): void {
  for (const part of ["state", "person", "backend", "stacks/config"])
    mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "passphrase"), randomBytes(24).toString("base64url"), { mode: 0o600 });
  writeSource(folder, source);
  symlinkSync(kitRoot, join(folder, "kit"));
  const project = readFileSync(join(kitRoot, "Pulumi.yaml"), "utf8");
  writeFileSync(join(folder, "Pulumi.yaml"), project.replaceAll(/(main|path): infra\//g, "$1: kit/infra/"));
}

/** What the cluster comes to from its next `up` on. */
export function writeSource(folder: string, source: StackSource): void {
  writeFileSync(join(folder, "stack.json"), JSON.stringify(source));
}

export function readSource(folder: string): StackSource {
  return JSON.parse(readFileSync(join(folder, "stack.json"), "utf8")) as StackSource;
}

/** Gives it another identity, and so another owner, another network and other ports. @returns the owner */
export function newOwner(folder: string): string {
  const env = environmentOf(folder);
  rmSync(join(folder, "person"), { recursive: true, force: true });
  return ownerId(backendUrl(env), projectName, () => personalIdentity(env));
}
