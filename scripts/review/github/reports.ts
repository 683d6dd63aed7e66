import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readReview } from "../../../components/review/read.ts";
import type { Review } from "../../../components/review/types.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { visible } from "../../visible.ts";

/*
 * Saved reviews, as `./hotspare review --format json --out …` writes them. They may come from a job that ran a stranger's code, so
 * they are read with limits, links are not followed, and what is no review is named and left out.
 */

export interface Reports {
  /** By stack. */
  readonly reviews: readonly Review[];
  /** Files that are no reviews, for people. */
  readonly problems: readonly string[];
  /** Whether these are all reports of a run, so that a stack without one has no changes. */
  readonly complete: boolean;
}

/** A report of 10,000 steps has some 10 MiB. */
const maximumBytes = 32 * 1024 * 1024;
/** Of all files together, so that reading them can't take all memory. */
const maximumTotal = 128 * 1024 * 1024;
const maximumFiles = 100;

/**
 * @param paths files, or folders with all reports of a run; in folders what ends in `.json` counts
 * @param mayMiss whether a path that is not there is a folder without reports: that of a run that failed before it had any
 * @throws UserError when a path is not there.
 */
export function readReports(paths: readonly string[], mayMiss = false): Reports {
  const kinds = paths.map((path) => ({ path, isFolder: isFolder(path, mayMiss) }));
  const files = kinds.flatMap(({ path, isFolder }) => (isFolder ? reportsIn(path) : [path]));
  const some = [...new Set(files)].slice(0, maximumFiles);
  checkTotal(some);
  const readings = some.map(read);
  const problems = readings.flatMap((reading) => (typeof reading === "string" ? [reading] : []));
  if (files.length > maximumFiles) problems.push(`${files.length} files; only ${maximumFiles} are looked at`);
  const byStack = new Map<string, Review>();
  for (const reading of readings) {
    if (typeof reading === "string") continue;
    if (byStack.has(reading.stack)) problems.push(`a second report of the stack ${reading.stack}`);
    else byStack.set(reading.stack, reading);
  }
  const reviews = [...byStack.values()].sort((a, b) => (a.stack < b.stack ? -1 : 1));
  return { reviews, problems, complete: kinds.some(({ isFolder }) => isFolder) };
}

function isFolder(path: string, mayMiss: boolean): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    if (mayMiss) return true;
    throw new UserError(`there is no file or folder ${path} with reports`, exitCodes.usage);
  }
}

function checkTotal(files: readonly string[]): void {
  const total = files.reduce((sum, file) => sum + lstatSync(file).size, 0);
  if (total > maximumTotal)
    throw new UserError(`the reports have ${total} bytes, more than ${maximumTotal}; no run makes so many`);
}

/** Reports of a folder and of its folders, in one order everywhere. */
function reportsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The review, or what is wrong with the file. */
function read(path: string): Review | string {
  const name = basename(path);
  try {
    const { size } = lstatSync(path);
    if (size > maximumBytes) return oneLine(`${name}: ${size} bytes, more than ${maximumBytes}`);
    return readReview(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    return oneLine(`${name}: ${error instanceof SyntaxError ? "no JSON" : (error as Error).message}`);
  }
}

/**
 * Names of files and fields are a stranger's too: they must not begin a line in a workflow's log, where `::` at its beginning is a
 * command (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands).
 */
function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, " ").slice(0, 500);
}
