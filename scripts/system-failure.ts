/*
 * A disk that is full, or a folder that this user can't write, is no defect of ours: whoever reads the message can do something about it.
 */

const whatAndWayOut: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ["no space is left on its disk", "free some, or name other places by XDG_CACHE_HOME and TMPDIR"],
  EDQUOT: [
    "this user's quota on its disk is used up",
    "free some, or name other places by XDG_CACHE_HOME and TMPDIR",
  ],
  EROFS: [
    "its file system can't be written",
    "name other places by XDG_CACHE_HOME, XDG_STATE_HOME and TMPDIR, or use a checkout that can",
  ],
  EACCES: [
    "this user may not use it",
    "change its owner or rights, or name another place by XDG_CACHE_HOME, XDG_STATE_HOME or XDG_CONFIG_HOME",
  ],
  EPERM: ["this user may not do that to it", "change its owner, or run the command as its owner"],
  EMFILE: ["this process may open no more files", "raise the limit: `ulimit -n 4096`"],
};

/** The sentence about an error of the system that has a place and a known reason; null for any other. */
export function systemFailure(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code = "", path } = error as NodeJS.ErrnoException;
  const known = Object.hasOwn(whatAndWayOut, code) ? whatAndWayOut[code] : undefined;
  if (known === undefined) return null;
  if (typeof path === "string") return `${path}: ${known[0]}; ${known[1]}`;
  // A write that finds the disk full says no more than that.
  return code === "ENOSPC" || code === "EDQUOT"
    ? `a disk that is written to is full (${code}); ${known[1]}`
    : null;
}
