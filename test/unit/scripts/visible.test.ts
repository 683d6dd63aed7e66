import { describe, expect, test } from "vitest";
import { parseEvent, sentence } from "../../../scripts/events/sentence.ts";
import { visible, visibleJson, visibleLine } from "../../../scripts/visible.ts";

/** All that moves a cursor, changes a title, answers for the person, hides, or turns the direction of writing. */
const hostile = [
  "\u001b[2J\u001b[1;1H",
  "\u001b]0;title\u0007",
  "\u009b31m",
  "\u0090q\u009c",
  "\r✓ all is well",
  "\b\b\b",
  "\u202egnp.exe",
  "\u2066hidden\u2069",
  "\u200bzero",
  "\u{e0041}tag",
  "\u007f",
  "\ud800",
];
const harmful = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe.each(hostile)("%j", (text) => {
  test("is seen, in text and in lines", () => {
    expect(visible(`a${text}b`)).not.toMatch(harmful);
    expect(visibleLine(`a\n${text}\nb`)).not.toMatch(/[\n\r]/);
  });

  test("does nothing in JSON, and is still in it", () => {
    const json = visibleJson({ text });
    expect(json).not.toMatch(harmful);
    expect(JSON.parse(json)).toEqual({ text });
  });

  test("does nothing in an event that a warden tells", () => {
    const event = {
      schema: 1,
      time: "2026-11-29T20:00:00.000Z",
      warden: text,
      event: "lost",
      why: text,
      node: text,
    };
    const parsed = parseEvent(JSON.stringify(event));
    if (parsed === null) throw new Error("it is no event");
    expect(sentence(parsed)).not.toMatch(harmful);
  });
});

test("what people write stays", () => {
  expect(visibleLine("Zürich 日本 🌈 → \t–")).toBe("Zürich 日本 🌈 → \t–");
  expect(visible("two\nlines")).toBe("two\nlines");
});
