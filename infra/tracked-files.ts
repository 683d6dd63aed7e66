import { spawnSync } from "node:child_process";
import { relative, sep } from "node:path";
import { gitEnvironment, quietGit } from "./git-environment.ts";
import { handedFolders, type TrackedFile, type TrackedFolder } from "./handed-over.ts";

/*
 * Checkouts of one commit differ by what git is set to on a machine: `core.autocrlf` gives CRLF, `core.fileMode=false` says that
 * x bits on the disk mean nothing, `core.symlinks=false` leaves files in place of links. What git's index says is the same
 * everywhere.
 */

/** Whether x bits on the disk mean something in a folder's checkout; git says so of itself where nothing is set. */
export function trustsModes(folder: string): boolean {
  const handed = handedFolders();
  if (handed !== null) return around(folder, handed)?.trustsModes ?? true;
  return git(folder, ["config", "--type=bool", "--get", "core.fileMode"])?.trim() !== "false";
}

/** What is tracked below a folder, by path; empty where git is not there, or the folder is in no repository. */
export function trackedFiles(folder: string): ReadonlyMap<string, TrackedFile> {
  const handed = handedFolders();
  if (handed !== null) return filesBelow(folder, around(folder, handed));
  const listed = git(folder, ["ls-files", "--stage", "--eol", "-z", "--", "."]);
  if (listed === null || listed === "") return new Map();
  return new Map(
    listed.split("\0").flatMap((line) => {
      const [, bits, eol, path] = /^(\d{6}) [0-9a-f]+ \d\t(.*?)\t(.*)$/s.exec(line) ?? [];
      if (bits === undefined || eol === undefined || path === undefined) return [];
      const mode = bits === "100755" ? 0o755 : 0o644;
      const crlf = /^i\/lf\s+w\/crlf\s/.test(eol) && !eol.includes("eol=crlf");
      return [[path, { mode, crlf, link: bits === "120000" }]];
    }),
  );
}

/** The record that a folder is in. */
function around(folder: string, records: readonly TrackedFolder[]): TrackedFolder | undefined {
  return records.find((record) => folder === record.folder || folder.startsWith(record.folder + sep));
}

function filesBelow(folder: string, record: TrackedFolder | undefined): ReadonlyMap<string, TrackedFile> {
  if (record === undefined) return new Map();
  const below = relative(record.folder, folder).split(sep).join("/");
  const start = below === "" ? "" : `${below}/`;
  return new Map(
    Object.entries(record.files).flatMap(([path, file]) =>
      path.startsWith(start) ? [[path.slice(start.length), file] as const] : [],
    ),
  );
}

function git(folder: string, args: readonly string[]): string | null {
  const { status, stdout } = spawnSync("git", [...quietGit(folder), ...args], {
    cwd: folder,
    env: gitEnvironment(),
    encoding: "utf8",
    maxBuffer: 500_000_000,
  });
  return status === 0 ? stdout : null;
}
