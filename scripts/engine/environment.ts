import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { projectRoot } from "../../infra/context.ts";
import { folders, NoHomeError, usableHome } from "../../infra/folders.mjs";
import { backendUrl } from "../../infra/owner.ts";
import { exitCodes, UserError } from "../exit.ts";

/*
 * The environment that the engine runs in. It is set on our own process, once, so that the engine, the Pulumi program and
 * we ourselves all see the same backend and so the same owner.
 */

/** Sets the backend and the passphrase where the person has chosen none. Call before anything asks for the owner. */
export function prepareEngineEnvironment(env: NodeJS.ProcessEnv = process.env): void {
  env.PULUMI_SKIP_UPDATE_CHECK ??= "true";
  // Without a home Pulumi has no place for its plugins and logs; these need none that lasts.
  if (!env.PULUMI_HOME && usableHome(env) === null && backendUrl(env) === "")
    env.PULUMI_HOME = join(folders(env).cache, "pulumi-home");
  try {
    prepareBackend(env);
  } catch (error) {
    // To plan and to review needs none; whoever starts the engine is told then.
    if (!(error instanceof NoHomeError)) throw error;
  }
}

/** @throws UserError where nothing that lasts holds the state, or the passphrase of a state on this machine */
export function requireBackend(env: NodeJS.ProcessEnv = process.env): void {
  const url = backendUrl(env);
  if (url !== "" && (!isLocal(url) || env.PULUMI_CONFIG_PASSPHRASE || env.PULUMI_CONFIG_PASSPHRASE_FILE))
    return;
  throw new UserError(
    "there is no home folder that can be written, so no place for the state: set HOME, or XDG_STATE_HOME and XDG_CONFIG_HOME to folders that last, or PULUMI_BACKEND_URL to a shared backend",
    exitCodes.missingTool,
  );
}

function prepareBackend(env: NodeJS.ProcessEnv): void {
  if (backendUrl(env) === "") env.PULUMI_BACKEND_URL = localBackend(env);
  if (isLocal(backendUrl(env)) && !env.PULUMI_CONFIG_PASSPHRASE && !env.PULUMI_CONFIG_PASSPHRASE_FILE) {
    env.PULUMI_CONFIG_PASSPHRASE_FILE = localPassphrase(env);
  }
}

/** Puts the toolchain's folder and the running Node's first on PATH: the engine starts its plugins and `node` from there. */
export function prependPath(folder: string, env: NodeJS.ProcessEnv = process.env): void {
  const nodeFolder = join(process.execPath, "..");
  env.PATH = [folder, nodeFolder, env.PATH].filter(Boolean).join(":");
}

export function isLocal(url: string): boolean {
  return url.startsWith("file:");
}

/** State of this checkout's stacks: in the person's state folder, so that `git clean` can't lose it. */
function localBackend(env: NodeJS.ProcessEnv): string {
  const id = createHash("sha256").update(projectRoot).digest("hex").slice(0, 8);
  const folder = join(folders(env).state, `${basename(projectRoot)}-${id}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return `file://${folder}`;
}

/**
 * The passphrase of stacks on this machine's disk: random, made on first use, readable by nobody else. Never used for a
 * shared backend: there Pulumi asks, since a passphrase that only one person has would lock the others out.
 */
function localPassphrase(env: NodeJS.ProcessEnv): string {
  const file = join(folders(env).config, "passphrase");
  if (!existsSync(file)) {
    mkdirSync(folders(env).config, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(file, randomBytes(24).toString("base64url"), { flag: "wx", mode: 0o600 });
    } catch (error) {
      // Two first runs at once: the other one's passphrase is as good.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  chmodSync(file, 0o600);
  return file;
}
