import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Package sources as apt reads them. */
export interface AptSources {
  /** The machine's file that they come from. */
  file: string;
  /** By it apt and mmdebstrap know how to read them. */
  format: "sources" | "list";
  text: string;
}

/**
 * This machine's Debian sources, for a release of Debian that need not be its own: mirrors have all that are supported, and the
 * archive's keys come with every one of them.
 *
 * @param suite the release's code name
 * @param etc the machine's folder of settings
 * @returns null on what isn't Debian, and where the sources don't name its release
 */
export function sourcesFor(suite: string, etc = "/etc"): AptSources | null {
  const release = read(join(etc, "os-release")) ?? "";
  const own = /^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1];
  if (own === undefined || !/^ID=debian$/m.test(release)) return null;
  for (const [path, format] of [
    ["apt/sources.list.d/debian.sources", "sources"],
    ["apt/sources.list", "list"],
  ] as const) {
    const file = join(etc, path);
    // Comments may name hosts that nobody is asked for.
    const text = read(file)?.replace(/^\s*#.*\n/gm, "");
    const named = new RegExp(`(?<=[\\s:])${own}(?=$|[\\s-])`, "gm");
    if (text !== undefined && named.test(text)) return { file, format, text: text.replace(named, suite) };
  }
  return null;
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
