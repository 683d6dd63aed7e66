// Where hotspare keeps things outside the repository. Plain JavaScript: the launcher runs it on older Nodes too.
import { accessSync, constants } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Nothing lasts for this user: there is no home folder, or it can't be written. */
export class NoHomeError extends Error {}

/**
 * The folders of the current user: the XDG base directories, on macOS those of Apple. A relative XDG value is ignored,
 * as that specification demands. Nothing is created. Where there is no home, as in a CI's container with another user, the cache is
 * in the folder for temporary files; what must last has no such place.
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
  const folder = (variable, elsewhere, onMac) => {
    const chosen = env[variable];
    if (chosen && isAbsolute(chosen)) return join(chosen, "hotspare");
    if (home !== null) return join(home, mac ? onMac : elsewhere, "hotspare");
    if (variable === "XDG_CACHE_HOME") return join(tmpdir(), `hotspare-${process.getuid?.() ?? "cache"}`);
    throw new NoHomeError(
      `there is no home folder that can be written: set HOME, or ${variable} to a folder that lasts`,
    );
  };
  return {
    get cache() {
      return folder("XDG_CACHE_HOME", ".cache", "Library/Caches");
    },
    get config() {
      return folder("XDG_CONFIG_HOME", ".config", "Library/Application Support");
    },
    get state() {
      return folder("XDG_STATE_HOME", ".local/state", "Library/Application Support");
    },
  };
}

/**
 * The user's home; null where there is none (HOME unset and nobody in passwd, or the root folder of somebody who isn't root), or
 * where it can't be written.
 *
 * @param {Record<string, string | undefined>} [env]
 */
export function usableHome(env = process.env) {
  try {
    const home = env.HOME || homedir();
    if (!isAbsolute(home)) return null;
    accessSync(home, constants.W_OK);
    return home;
  } catch {
    return null;
  }
}
