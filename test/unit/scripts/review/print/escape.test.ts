import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { code, fence, inHtml, prose } from "../../../../../scripts/review/print/escape.ts";
import { visible } from "../../../../../scripts/visible.ts";
import { hostileText } from "../../../../support/random-reviews.ts";
import { readMarkdown, textOf } from "../../../../support/read-markdown.ts";

const read = (markdown: string) => readMarkdown(markdown).trim();
const oneLine = (of: string) => visible(of).replace(/\s+/g, " ").trim();

describe("text inside a line of Markdown", () => {
  it.each([
    "a *b* _c_ __d__ `e` ~f~ ~~g~~ $h$ [i](j) ![k](l) <b>m</b> &amp; &#35; | \\ snake_case_stays",
    "<!-- hidden --> </details> <script>alert(1)</script> <https://x.example>",
    "https://x.example www.x.example me@x.example",
    "# heading",
    "- item",
    "1. item",
    "> quotation",
    "--- ",
    "=== ",
    "+ plus",
    "[^1] [x] [ ]",
    "_www.x.example (www.x.example ~www.x.example *www.x.example xGH-1",
  ])("stays as it is: %s", (given) => {
    const html = read(`word ${prose(given)}`);
    expect(html.replaceAll("</p>", "").replaceAll("<p>", "")).not.toMatch(/<[a-z!/]/);
    expect(textOf(html)).toBe(`word ${oneLine(given)}`);
    expect(textOf(read(prose(given))).trim()).toBe(oneLine(given));
    expect(read(prose(given))).toMatch(/^<p>[^<]*<\/p>$/);
  });

  it("whatever it is", () => {
    fc.assert(
      fc.property(hostileText, (given) => {
        const html = read(`word ${prose(given)} end`);
        expect(html).toMatch(/^<p>[^<]*<\/p>$/);
        expect(textOf(html).replace(/\s+/g, " ")).toBe(`word ${visible(given)} end`.replace(/\s+/g, " "));
      }),
      { numRuns: 500 },
    );
  });

  it("calls nobody, refers to nothing and is no emoji", () => {
    const line = prose("@admin see #12 and GH-3, a/b#4, :tada: http://x.example").replaceAll("&#8203;", "·");
    expect(line).not.toMatch(/@\w|#\d|GH-\d|:tada:|:\/\//);
  });
});

describe("code inside a line", () => {
  it("holds backticks, in tables bars too", () => {
    fc.assert(
      fc.property(hostileText, (given) => {
        const html = read(`| a |\n| --- |\n| ${code(given, true)} |`);
        expect(html.match(/<t[dh]\b/g)).toHaveLength(2);
        expect(textOf(/<td>(.*)<\/td>/s.exec(html)?.[1] ?? "").trim()).toBe(oneLine(given));
        expect(html.match(/<(?!\/?(table|thead|tbody|tr|th|td|code)\b)/g)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});

it("a fence is longer than any inside", () => {
  const lines = ["```", "````diff", "~~~", "a `b`"];
  const { open, close } = fence("diff", lines);
  const html = read(`${open}\n${lines.join("\n")}\n${close}\n\nafter`);
  expect(html.match(/<pre>/g)).toHaveLength(1);
  expect(textOf(html)).toContain(lines.join("\n"));
  expect(html).toContain("<p>after</p>");
});

describe("what can't be seen", () => {
  it("is shown: controls, writing direction, no width, half characters", () => {
    expect(visible("a\u0000b\u001bc\rd\u202ee\u200bf\u2066g\ufeffh\ud800i\tj\nk\r\n")).toBe(
      "a␀b␛c␍d⟨U+202E⟩e⟨U+200B⟩f⟨U+2066⟩g⟨U+FEFF⟩h\ufffdi\tj\nk␍\n",
    );
  });

  it("leaves all else alone", () => {
    expect(visible("Zürich 日本 🌈 → –")).toBe("Zürich 日本 🌈 → –");
  });
});

it("text in HTML is text", () => {
  expect(inHtml(`<img src="x" onerror='y'> & z`)).toBe(
    "&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt; &amp; z",
  );
});
