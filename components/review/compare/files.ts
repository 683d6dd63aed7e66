import type { RenderedFile, RenderedMachine } from "../../plan/types.ts";
import { maskText } from "../masks.ts";
import { lineDiff } from "./line-diff.ts";
import { paired } from "./sides.ts";
import type { FieldChange, FileChange, Hunk, Sides } from "./types.ts";
import { byKey } from "./words.ts";

/**
 * Line diffs of the files that differ, by path. Masked after they were compared, so that a secret that changes still shows as
 * a line that does.
 */
export function fileChanges(machines: Sides<readonly RenderedMachine[]>): FileChange[] {
  const diff = rememberedDiff();
  const grouped = new Map<string, FileChange & { machines: string[] }>();
  for (const { key, before, after } of paired(
    machines.before ?? [],
    machines.after ?? [],
    ({ machine }) => machine,
  )) {
    for (const { key: path, ...file } of paired(before?.files ?? [], after?.files ?? [], (one) => one.path)) {
      const change = fileChange(path, file, diff);
      if (change === null) continue;
      const alike = JSON.stringify(change);
      const known = grouped.get(alike);
      if (known === undefined) grouped.set(alike, { ...change, machines: [key] });
      else known.machines.push(key);
    }
  }
  return [...grouped.values()]
    .map((change) => ({ ...change, machines: change.machines.sort(byKey) }))
    .sort((a, b) =>
      a.path === b.path ? byKey(a.machines[0] ?? "", b.machines[0] ?? "") : a.path < b.path ? -1 : 1,
    );
}

type Diff = (before: string, after: string) => readonly Hunk[];

function fileChange(path: string, { before, after }: Sides<RenderedFile>, diff: Diff): FileChange | null {
  const [old, now] = [before?.content ?? "", after?.content ?? ""];
  const mode: FieldChange | null =
    before !== null && after !== null && before.mode !== after.mode
      ? { path: "mode", before: before.mode, after: after.mode }
      : null;
  const same = JSON.stringify(old) === JSON.stringify(now);
  if (before !== null && after !== null && same && mode === null) return null;
  const hunks = typeof old === "string" && typeof now === "string" ? diff(old, now) : [];
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return {
    path,
    machines: [],
    kind: before === null ? "added" : after === null ? "removed" : "changed",
    mode,
    hunks,
    added: lines.filter((line) => line.startsWith("+")).length,
    removed: lines.filter((line) => line.startsWith("-")).length,
  };
}

/** Balancers have many files in common, and each pair of texts is compared once. */
function rememberedDiff(): Diff {
  const known = new Map<string, Map<string, readonly Hunk[]>>();
  return (before, after) => {
    const of = known.get(before) ?? new Map<string, readonly Hunk[]>();
    known.set(before, of);
    const hunks = of.get(after) ?? lineDiff(before, after, maskText);
    of.set(after, hunks);
    return hunks;
  };
}
