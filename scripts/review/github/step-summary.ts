import { appendFileSync } from "node:fs";

/** GitHub drops a step's summary that is longer, as a whole: 1 MiB. */
const maximumBytes = 1024 * 1024;

/**
 * Writes reports to the summary of the workflow's job, for when no comment can be made. Those that don't fit are left out, and
 * that is said.
 *
 * @returns whether there is a summary to write to
 */
export function writeStepSummary(env: NodeJS.ProcessEnv, reports: readonly string[]): boolean {
  const file = env.GITHUB_STEP_SUMMARY;
  if (!file) return false;
  const room = maximumBytes - 200;
  let used = 0;
  const fitting = reports.filter((report) => {
    const bytes = Buffer.byteLength(report) + 1;
    const fits = used + bytes <= room;
    if (fits) used += bytes;
    return fits;
  });
  const missing = reports.length - fitting.length;
  const note = missing > 0 ? [`Left out for want of room: ${missing} of ${reports.length} reports.`] : [];
  appendFileSync(file, [...fitting, ...note].map((report) => `${report}\n`).join(""));
  return true;
}
