import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Report, renderJson } from "./document.ts";
import { renderMarkdown } from "./markdown.ts";

/** Writes report.md, report.json and the pictures into a folder, and removes pictures of a run before. */
export async function writeReport(
  folder: string,
  report: Report,
  timelines: ReadonlyMap<string, string>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const pictures = new Map([...timelines.keys()].map((id) => [id, `${id}.svg`]));
  for (const { id } of report.drills) await rm(join(folder, `${id}.svg`), { force: true });
  for (const [id, svg] of timelines) await writeFile(join(folder, `${id}.svg`), svg);
  await writeFile(join(folder, "report.json"), renderJson(report));
  await writeFile(join(folder, "report.md"), renderMarkdown(report, pictures));
}
