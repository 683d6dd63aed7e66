import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../../..");

export interface Document {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
  /** Without fenced blocks, where links and headings are only text. */
  readonly prose: string;
}

const skipped = new Set(["node_modules", ".git", ".hotspare"]);

/** Every Markdown file of the repository. */
export function documents(): Document[] {
  return walk("").map((path) => {
    const text = readFileSync(join(root, path), "utf8");
    return { path, text, prose: text.replace(/^```[\s\S]*?^```$/gm, "") };
  });
}

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

/** The anchors of a document as GitHub makes them of its headings. */
export function anchors(prose: string): Set<string> {
  return new Set(
    [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}
