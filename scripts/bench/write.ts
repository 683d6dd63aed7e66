import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../infra/project-root.ts";
import type { BenchDocument, PartDocument } from "./document.ts";
import { plot } from "./plot.ts";
import { markdown } from "./print.ts";

/** The page with the last run of each part, and the folder of its pictures. */
const page = join(projectRoot, "docs/performance.md");
const pictures = "pictures";

const begin = (part: string) => `<!-- bench ${part} -->`;
const end = (part: string) => `<!-- end of bench ${part} -->`;

/** Writes the parts of a run into docs/performance.md, each in its place; what was not run stays as it was. */
export function writePage(document: BenchDocument): void {
  mkdirSync(join(projectRoot, "docs", pictures), { recursive: true });
  const text = document.parts.reduce(
    (before, part) => replaced(before, document, part),
    readFileSync(page, "utf8"),
  );
  writeFileSync(page, text);
}

function replaced(text: string, document: BenchDocument, part: PartDocument): string {
  const [from, to] = [text.indexOf(begin(part.name)), text.indexOf(end(part.name))];
  if (from < 0 || to < 0)
    throw new Error(`${page} has no place for ${part.name}: "${begin(part.name)}" and "${end(part.name)}"`);
  const content = markdown({ ...document, parts: [part] }, drawn);
  return `${text.slice(0, from)}${begin(part.name)}\n${content}\n${text.slice(to)}`;
}

/** Where its plot is from the page; null where nothing is compared. */
function drawn(part: PartDocument): string | null {
  const picture = plot(part);
  if (picture === null) return null;
  const path = `${pictures}/bench-${part.name}.svg`;
  writeFileSync(join(projectRoot, "docs", path), picture);
  return path;
}
