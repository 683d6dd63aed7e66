import { changesText } from "../engine/changes.ts";
import { paint } from "../text.ts";
import { visibleLine } from "../visible.ts";
import type { HistoryEntry } from "./read.ts";

/** The commands that people know, by the engine's word for them. */
const kinds: Readonly<Record<string, string>> = { update: "up", destroy: "down" };

/** The entries for people, the newest first: a line each with when, what, who and how it ended, then what changed. */
export function historyText(entries: readonly HistoryEntry[]): string {
  return entries.map(entryText).join("\n\n");
}

function entryText(entry: HistoryEntry): string {
  const { startedAt, kind, result, by, changes, summary } = entry;
  const facts = [
    startedAt.replace(/\.\d+Z$/, "Z"),
    kinds[kind] ?? kind,
    visibleLine(by ?? "by an unknown hand"),
    result === "succeeded" ? result : paint("red", result),
    ...duration(entry),
    ...commit(entry),
  ];
  const details = [changesText(changes) || "nothing changed", ...summary, ...(entry.job ? [entry.job] : [])];
  return [paint("bold", facts.join("  ")), ...details.map((line) => `  ${visibleLine(line)}`)].join("\n");
}

function duration({ startedAt, endedAt }: HistoryEntry): string[] {
  if (endedAt === null) return [];
  return [`${Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)} s`];
}

function commit({ commit }: HistoryEntry): string[] {
  if (commit === null) return [];
  return [`commit ${commit.id.slice(0, 10)}${commit.dirty ? " with changes" : ""}`];
}
