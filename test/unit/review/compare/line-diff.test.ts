import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineDiff } from "../../../../components/review/compare/line-diff.ts";
import type { Hunk } from "../../../../components/review/compare/types.ts";

const plain = (text: string) => text;
const diff = (before: string, after: string) => lineDiff(before, after, plain);

/** The other text, by the hunks; fails where they don't fit. */
function patched(before: string, hunks: readonly Hunk[]): string {
  const lines = before === "" ? [] : before.replace(/\n$/, "").split("\n");
  for (const hunk of [...hunks].reverse()) {
    const start = hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1;
    const old = hunk.lines.filter((line) => !line.startsWith("+")).map((line) => line.slice(1));
    expect(lines.slice(start, start + hunk.oldLines)).toEqual(old);
    const now = hunk.lines.filter((line) => !line.startsWith("-")).map((line) => line.slice(1));
    expect(now).toHaveLength(hunk.newLines);
    lines.splice(start, hunk.oldLines, ...now);
  }
  return lines.join("\n");
}

const text = fc.array(fc.constantFrom("a", "b", "c", "{", "}", "", "x 1", "x 2"), { maxLength: 40 });
const far = Array.from({ length: 8 }, (_, index) => `line ${index + 2}\n`).join("");

describe("the lines that differ", () => {
  it("are none between equal texts", () => {
    expect(diff("a\nb\n", "a\nb\n")).toEqual([]);
  });

  it("come with three lines around them, and near ones in one hunk", () => {
    expect(diff(`1\n${far}9\n`, `one\n${far}nine\n`)).toEqual([
      {
        oldStart: 1,
        oldLines: 4,
        newStart: 1,
        newLines: 4,
        lines: ["-1", "+one", " line 2", " line 3", " line 4"],
      },
      {
        oldStart: 7,
        oldLines: 4,
        newStart: 7,
        newLines: 4,
        lines: [" line 7", " line 8", " line 9", "-9", "+nine"],
      },
    ]);
    expect(diff("1\n2\n3\n4\n", "one\n2\n3\nfour\n")).toHaveLength(1);
  });

  it("of a new text are all, after line 0", () => {
    expect(diff("", "a\nb\n")).toEqual([
      { oldStart: 0, oldLines: 0, newStart: 1, newLines: 2, lines: ["+a", "+b"] },
    ]);
  });

  it("make the one text of the other, in both directions", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [old, now] = [before.join("\n"), after.join("\n")];
        expect(patched(old, diff(old, now))).toBe(now.replace(/\n$/, ""));
        expect(patched(now, diff(now, old))).toBe(old.replace(/\n$/, ""));
      }),
      { numRuns: 500 },
    );
  });

  it("are found where two texts have nothing in common", () => {
    const lines = (name: string) =>
      Array.from({ length: 3000 }, (_, index) => `${name} ${index % 7}`).join("\n");
    const hunks = diff(lines("old"), lines("new"));
    expect(patched(lines("old"), hunks)).toBe(lines("new"));
  });

  it("of a list are whole entries", () => {
    const entry = (key: string) => `{\n"key": "${key}",\n"weight": 1\n},\n`;
    const [hunk, ...others] = diff(entry("a") + entry("c"), entry("a") + entry("b") + entry("c"));
    expect(others).toEqual([]);
    expect(hunk?.lines.filter((line) => !line.startsWith(" "))).toHaveLength(4);
  });

  it("are shown as the whole text is, and count by what they are", () => {
    const hide = (whole: string) => whole.replace(/secret \w+/g, "[hidden]");
    expect(lineDiff("a\nsecret x\n", "a\nsecret y\n", hide)[0]?.lines).toEqual([
      " a",
      "-[hidden]",
      "+[hidden]",
    ]);
  });
});
