import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { PlatformKind } from "../../components/model/spec.ts";

/** One thing that the project needs, as it is now. */
export interface Check {
  name: string;
  /** `missing` is brought by the next `./hotspare up`, or needs `fix`; `broken` is there and will not do. */
  state: "ok" | "missing" | "broken";
  /** What was found, with versions, places and numbers. */
  detail: string;
  /** What to do about it; absent when there is nothing to do. */
  fix?: string;
  /** Of use for stacks of this platform alone, so whoever has none lacks nothing. */
  onlyFor?: PlatformKind;
}

/** What `up` brings, it needs no word from a person. */
export const byItself = "`./hotspare up` brings it";

/** Whether there is enough room on the disk of a folder, which may not exist yet. */
export function space(name: string, folder: string, neededGb: number, fix: string): Check {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  const free = (bavail * bsize) / 1e9;
  const detail = `${free.toFixed(1)} GB free in ${folder}, ${neededGb} GB are enough`;
  return free >= neededGb ? { name, state: "ok", detail } : { name, state: "broken", detail, fix };
}
