// Where hotspare keeps things outside the repository. Plain JavaScript: the launcher runs it on older Nodes too.
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The folders of the current user: the XDG base directories, on macOS those of Apple. A relative XDG value is ignored,
 * as that specification demands. Nothing is created.
 *
 * @param {Record<string, string | undefined>} [env]
 * @param {string} [platform]
 * @param {string} [home]
 * @returns {{ cache: string, config: string, state: string }} `cache` can be deleted at any time, `state` cannot.
 */
export function folders(env = process.env, platform = process.platform, home = homedir()) {
  const mac = platform === "darwin";
  /** @param {string} variable @param {string} elsewhere @param {string} onMac */
  const folder = (variable, elsewhere, onMac) => {
    const chosen = env[variable];
    const root = chosen && isAbsolute(chosen) ? chosen : join(home, mac ? onMac : elsewhere);
    return join(root, "hotspare");
  };
  return {
    cache: folder("XDG_CACHE_HOME", ".cache", "Library/Caches"),
    config: folder("XDG_CONFIG_HOME", ".config", "Library/Application Support"),
    state: folder("XDG_STATE_HOME", ".local/state", "Library/Application Support"),
  };
}
