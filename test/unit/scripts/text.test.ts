import { describe, expect, test } from "vitest";
import { table } from "../../../scripts/text.ts";

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;

describe("a table", () => {
  test("has columns as wide as their widest cell, two spaces apart, and no space at a line's end", () => {
    const rows = [
      ["a", "bb", "c"],
      ["long", "b", ""],
    ];
    expect(table(rows)).toBe("a     bb  c\nlong  b");
  });

  test("counts no colours as width", () => {
    expect(
      table([
        ["ab", "x"],
        [red("a"), "y"],
      ]),
    ).toBe(`ab  x\n${red("a")}   y`);
  });

  test("of nothing is empty", () => {
    expect(table([])).toBe("");
  });
});
