import { counted } from "../../components/model/words.ts";
import type { Changes } from "./stack.ts";

/** The engine's words for what is done with a resource, for people; a replacement counts once, as `replace`. */
const words: Readonly<Record<string, string>> = {
  create: "made",
  update: "changed in place",
  delete: "removed",
  replace: "replaced",
};

/** The last sentence of an `up`. */
export function summary({ counts, changed }: Changes): string {
  if (!changed) return "No changes: everything is as the stack says.";
  return `Changes: ${changesText(counts)}, ${counts.same ?? 0} unchanged.`;
}

/** `2 resources made, 1 resource removed`; empty when nothing was done. */
export function changesText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(words)
    .flatMap(([op, word]) => (counts[op] ? [`${counted(counts[op], "resource")} ${word}`] : []))
    .join(", ");
}
