import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { usualFormat } from "../../../../../scripts/review/output.ts";
import { terminal } from "../../../../../scripts/review/print/terminal.ts";
import { dangerousSteps, engineReview, review, risk, scaled } from "../../../../support/reviews.ts";

const dangerous = review({
  stack: "production",
  verdict: "violated",
  change: scaled,
  risks: [risk()],
  engine: engineReview(dangerousSteps),
});

describe("a review at a terminal", () => {
  test("has neither Mermaid's source nor HTML nor Markdown's marks", () => {
    for (const one of [review({ change: scaled }), dangerous]) {
      const text = stripVTControlCharacters(terminal(one));
      expect(text).not.toMatch(/flowchart|<details|<summary|<!--|^#|\*\*|```/m);
      expect(text).toContain("a picture; --format html --out <file> draws it");
    }
  });

  test("begins with the verdict and what was counted", () => {
    const [head, counts] = stripVTControlCharacters(terminal(review({ change: scaled }))).split("\n");
    expect(head).toMatch(/^dev: /);
    expect(counts).toContain("machines: ");
  });

  test("wraps its sentences and tables at the terminal's width; only lines of files are longer", () => {
    const lines = stripVTControlCharacters(terminal(dangerous, 80)).split("\n");
    const long = lines.filter((line) => line.length > 80 && line.includes(" ") && !/^[ +@-]/.test(line));
    expect(long).toEqual([]);
  });

  test("names all that is lost", () => {
    const text = stripVTControlCharacters(terminal(dangerous));
    expect(text).toContain("Deleted, replaced, protected");
    for (const { name } of dangerousSteps) expect(text).toContain(name);
  });

  test("is what is printed there, and the comment everywhere else", () => {
    expect(usualFormat(undefined, true)).toBe("terminal");
    expect(usualFormat(undefined, false)).toBe("markdown");
    expect(usualFormat("report.md", true)).toBe("markdown");
  });
});
