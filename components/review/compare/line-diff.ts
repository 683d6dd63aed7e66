import { diffArrays } from "diff";
import type { Hunk } from "./types.ts";

/*
 * Lines that differ between two texts, as hunks. Lines that both texts have exactly once are taken as common first, as far as
 * they come in the same order ("patience diff"), and only what is between them is compared by the least number of edits. Files
 * that repeat themselves, as a list of a thousand members does, are so compared entry by entry, and quickly.
 */

/** Lines around a change, as unified diffs have them. */
const context = 3;

/** Between two common lines: from so many edits on all is shown as changed. To find the fewest would take seconds. */
const mostEdits = 1_000;

type Sign = " " | "+" | "-";

/**
 * @param show what is shown of a text, with as many lines; asked after the comparison, so that what it hides still counts as
 *   changed, and for whole texts, so that it sees what a line is part of
 */
export function lineDiff(before: string, after: string, show: (text: string) => string): Hunk[] {
  if (before === after) return [];
  const signs = edits(linesOf(before), linesOf(after));
  const shown = { before: linesOf(show(before)), after: linesOf(show(after)) };
  return hunks(signs, ({ sign, old, now }) => {
    const [left, right] = [shown.before[old - 1] ?? "", shown.after[now - 1] ?? ""];
    // A line that both have may be part of a secret on one side only: the shorter form is the one that hides.
    return sign === "-" ? left : sign === "+" || right.length < left.length ? right : left;
  });
}

/** Whether a text ends in a line break is no line of it. */
function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** For each line of both what became of it; common ones once. */
function edits(before: readonly string[], after: readonly string[]): Sign[] {
  const found: Sign[] = [];
  let [old, now] = [0, 0];
  for (const anchor of [...anchors(before, after), { before: before.length, after: after.length }]) {
    found.push(...between(before.slice(old, anchor.before), after.slice(now, anchor.after)));
    if (anchor.before < before.length) found.push(" ");
    [old, now] = [anchor.before + 1, anchor.after + 1];
  }
  return found;
}

interface Anchor {
  readonly before: number;
  readonly after: number;
}

/** Lines that both sides have exactly once, the longest row of them that is in order on both sides. */
function anchors(before: readonly string[], after: readonly string[]): Anchor[] {
  const [old, now] = [onlyOnce(before), onlyOnce(after)];
  const common = [...old].flatMap(([line, index]) => {
    const there = now.get(line);
    return there === undefined ? [] : [{ before: index, after: there }];
  });
  return longestRow(common);
}

function onlyOnce(lines: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (places.has(line)) repeated.add(line);
    places.set(line, index);
  }
  return new Map([...places].filter(([line]) => !repeated.has(line)).sort(([, a], [, b]) => a - b));
}

/** The longest subsequence whose places afterwards ascend; by piles, each with the least end of its length. */
function longestRow(common: readonly Anchor[]): Anchor[] {
  type Link = { readonly anchor: Anchor; readonly previous: Link | undefined };
  const piles: Link[] = [];
  for (const anchor of common) {
    let [low, high] = [0, piles.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((piles[middle]?.anchor.after ?? 0) < anchor.after) low = middle + 1;
      else high = middle;
    }
    piles[low] = { anchor, previous: piles[low - 1] };
  }
  const row: Anchor[] = [];
  for (let link = piles.at(-1); link !== undefined; link = link.previous) row.push(link.anchor);
  return row.reverse();
}

function between(before: string[], after: string[]): Sign[] {
  const changes =
    before.length === 0 || after.length === 0
      ? undefined
      : diffArrays(before, after, { maxEditLength: mostEdits });
  if (changes === undefined) return [...before.map((): Sign => "-"), ...after.map((): Sign => "+")];
  return changes.flatMap(({ value, added, removed }) =>
    value.map((): Sign => (added ? "+" : removed ? "-" : " ")),
  );
}

/** A line of a diff, with its number on each side, from 1; on a side where it isn't, of the one that follows. */
interface Line {
  readonly sign: Sign;
  readonly old: number;
  readonly now: number;
}

/** Changes with the lines around them; those that are near each other share a hunk. */
function hunks(signs: readonly Sign[], show: (line: Line) => string): Hunk[] {
  const lines = numbered(signs);
  return spans(signs).map(({ from, to }) => {
    const within = lines.slice(from, to);
    const oldLines = within.filter(({ sign }) => sign !== "+").length;
    const newLines = within.filter(({ sign }) => sign !== "-").length;
    const { old = 1, now = 1 } = within[0] ?? {};
    return {
      // A side without lines is named by the line before, as unified diffs do.
      oldStart: oldLines === 0 ? old - 1 : old,
      oldLines,
      newStart: newLines === 0 ? now - 1 : now,
      newLines,
      lines: within.map((line) => line.sign + show(line)),
    };
  });
}

function numbered(signs: readonly Sign[]): Line[] {
  let [old, now] = [1, 1];
  return signs.map((sign) => {
    const line = { sign, old, now };
    if (sign !== "+") old++;
    if (sign !== "-") now++;
    return line;
  });
}

function spans(signs: readonly Sign[]): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const [index, sign] of signs.entries()) {
    if (sign === " ") continue;
    const [from, to] = [Math.max(0, index - context), Math.min(signs.length, index + 1 + context)];
    const last = found.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else found.push({ from, to });
  }
  return found;
}
