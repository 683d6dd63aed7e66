// Where hotspare keeps things outside the repository. Plain JavaScript: the launcher runs it on older Nodes too.
import { accessSync, constants, existsSync, lstatSync, mkdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** Nothing lasts for this user: there is no home folder, or it can't be written. */
export class NoHomeError extends Error {}

/**
 * The folders of the current user: the XDG base directories, on macOS those of Apple. A relative XDG value is ignored,
 * as that specification demands. Where there is no home, as in a CI's container with another user, or where the cache can't be
 * written, the cache is in the folder for temporary files; what must last has no such place.
 *
 * @param {Record<string, string | undefined>} [env]
 * @param {string} [platform]
 * @param {string | null} [home] null: there is none
 * @returns {{ readonly cache: string, readonly config: string, readonly state: string }} `cache` can be deleted at any time,
 *   `state` cannot; to read `config` or `state` throws NoHomeError where they have no place.
 */
export function folders(env = process.env, platform = process.platform, home = usableHome(env)) {
  const mac = platform === "darwin";
  /** @param {string} variable @param {string} elsewhere @param {string} onMac */
  const place = (variable, elsewhere, onMac) => {
    const chosen = env[variable];
    if (chosen && isAbsolute(chosen)) return join(chosen, "hotspare");
    return home === null ? null : join(home, mac ? onMac : elsewhere, "hotspare");
  };
  /** @param {string} variable @param {string} elsewhere @param {string} onMac */
  const lasting = (variable, elsewhere, onMac) => {
    const folder = place(variable, elsewhere, onMac);
    if (folder !== null) return folder;
    throw new NoHomeError(
      `there is no home folder that can be written: set HOME, or ${variable} to a folder that lasts`,
    );
  };
  return {
    get cache() {
      const folder = place("XDG_CACHE_HOME", ".cache", "Library/Caches");
      return folder !== null && canBeMade(folder) ? folder : temporaryCache(env);
    },
    get config() {
      return lasting("XDG_CONFIG_HOME", ".config", "Library/Application Support");
    },
    get state() {
      return lasting("XDG_STATE_HOME", ".local/state", "Library/Application Support");
    },
  };
}

/** Whether a folder is there and can be written, or can be made. @param {string} folder */
function canBeMade(folder) {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  return isWritableFolder(existing);
}

/** @param {string} path */
function isWritableFolder(path) {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * The cache of somebody who has no other place. Programs are run from it and everybody can make a folder of its name beforehand, so it
 * must be this user's alone.
 *
 * @param {Record<string, string | undefined>} env
 */
function temporaryCache(env) {
  const user = process.getuid?.() ?? 0;
  const folder = join(temporaryRoot(env), `hotspare-${user}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (found.isDirectory() && found.uid === user && (found.mode & 0o022) === 0) return folder;
  throw new Error(
    `${folder} belongs to somebody else or can be written by others, so nothing is run from it; set XDG_CACHE_HOME to a folder of yours`,
  );
}

/**
 * The folder for temporary files: what TMPDIR says where that can be written, else the system's.
 *
 * @param {Record<string, string | undefined>} [env]
 */
export function temporaryRoot(env = process.env) {
  const chosen = env.TMPDIR || env.TMP || env.TEMP;
  return chosen && isAbsolute(chosen) && isWritableFolder(chosen) ? chosen : "/tmp";
}

/** Set where HOME is an empty folder that stands in for one, so that nobody keeps anything there. */
export const noHomeVariable = "HOTSPARE_NO_HOME";

/**
 * The user's home, where it can be written or only be read; null where there is none: HOME isn't set and nobody in passwd has this
 * number, as in containers that run as some other user, or it is somebody else's. Everybody asks this, since Node's own question throws.
 *
 * @param {Record<string, string | undefined>} [env]
 */
export function homeFolder(env = process.env) {
  if (env[noHomeVariable]) return null;
  try {
    const home = env.HOME || homedir();
    if (!isAbsolute(home)) return null;
    accessSync(home, constants.X_OK);
    return home;
  } catch {
    return null;
  }
}

/**
 * Where Pulumi keeps logins and plugins; null for somebody without a home who names no place.
 *
 * @param {Record<string, string | undefined>} [env]
 */
export function pulumiHome(env = process.env) {
  const home = homeFolder(env);
  return env.PULUMI_HOME || (home && join(home, ".pulumi"));
}

/**
 * The user's home; null where there is none, or where it can't be written, as the root folder by somebody who isn't root.
 *
 * @param {Record<string, string | undefined>} [env]
 */
export function usableHome(env = process.env) {
  const home = homeFolder(env);
  return home !== null && isWritableFolder(home) ? home : null;
}
