import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exitCodes, UserError } from "../exit.ts";
import { wantedComments } from "./github/bodies.ts";
import { readReports } from "./github/reports.ts";
import { everyStack, stackOf } from "./github/sticky.ts";

/**
 * Writes what would be commented, a Markdown file a stack, for systems that this kit doesn't talk to. The reports are read and printed
 * again as for a comment, so the files can be posted by a job that has a token.
 *
 * @param commit what the reports are about
 * @returns the files
 * @throws UserError where there is no report, or after writing when some are none
 */
export function writeComments(
  paths: readonly string[],
  folder: string,
  about: { readonly project: string; readonly commit: string },
): string[] {
  const reports = readReports(paths);
  if (reports.reviews.length === 0 && reports.problems.length === 0)
    throw new UserError(`there is no report in ${paths.join(", ")}`, exitCodes.usage);
  const { bodies, onlyWhereThere } = wantedComments(reports, { ...about, runUrl: null, conclusion: null });
  mkdirSync(folder, { recursive: true });
  const written = [...bodies].flatMap(([topic, body]) => {
    if (onlyWhereThere.has(topic)) return [];
    const stack = stackOf(topic);
    const file = join(folder, `${stack === everyStack ? "all-stacks" : stack}.md`);
    writeFileSync(file, body);
    return [file];
  });
  if (reports.problems.length > 0)
    throw new UserError(`not all reports could be used: ${reports.problems.join("; ")}`);
  return written;
}
