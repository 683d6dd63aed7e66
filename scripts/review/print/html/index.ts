import type { Review } from "../../../../components/review/types.ts";
import type { Block, Report, Text } from "../content/blocks.ts";
import { fileDepth } from "../content/depth.ts";
import { dangerGroups } from "../content/endangered.ts";
import { signs } from "../content/flowchart.ts";
import { reportOf } from "../content/report.ts";
import { inHtml } from "../escape.ts";
import { picture } from "./picture.ts";
import { style } from "./style.ts";

/**
 * A review as one HTML file with everything in it. It loads nothing and runs nothing, and its own policy forbids both, so no text of
 * others can; a browser's search finds all, since nothing is folded.
 */
export function html(review: Review): string {
  const report = reportOf(review, fileDepth);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${inHtml(report.stack)}: ${inHtml(report.heading)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header class="verdict verdict-${report.release ? "release" : review.verdict}">
<h1>${inHtml(report.stack)} <small>${mark(review, report)}${inHtml(report.heading)}</small></h1>
${report.summary.map((line) => `<p class="summary">${htmlText(line)}</p>`).join("\n")}
</header>
${alarms(report)}${contents(report)}${dangers(report)}${report.sections.map(({ title, blocks }, index) => section(`s${index + 1}`, title, blocks.map(blockHtml).join("\n"))).join("")}</main>
</body>
</html>
`;
}

/** The verdict for who sees no colours; who hears the page has it in words. */
function mark({ verdict }: Review, { release }: Report): string {
  return `<span aria-hidden="true">${release ? "↻" : marks[verdict]}</span> `;
}

const marks: Readonly<Record<Review["verdict"], string>> = {
  unchanged: "=",
  changed: "✓",
  destructive: "!",
  drift: "≠",
  violated: "✗",
  failed: "✗",
};

function htmlText(text: Text): string {
  return text
    .map((span) => {
      if (typeof span === "string") return inHtml(span);
      return "code" in span ? `<code>${inHtml(span.code)}</code>` : `<strong>${inHtml(span.strong)}</strong>`;
    })
    .join("");
}

function section(id: string, title: string, body: string): string {
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${inHtml(title)}</h2>\n${body}\n</section>\n`;
}

const dangersTitle = ({ release }: Report) =>
  release ? "Replaced, the new one first" : "Deleted, replaced, protected";

function contents(report: Report): string {
  const { sections, endangered } = report;
  const entries = [
    ...(endangered.length === 0 ? [] : [["dangers", dangersTitle(report)] as const]),
    ...sections.map(({ title }, index) => [`s${index + 1}`, title] as const),
  ];
  if (entries.length < 2) return "";
  const items = entries.map(([id, title]) => `<li><a href="#${id}">${inHtml(title)}</a></li>`).join("");
  return `<nav aria-label="Contents"><ul>${items}</ul></nav>\n`;
}

function alarms(report: Report): string {
  if (report.alarms.length === 0) return "";
  return `<section class="alarms" aria-labelledby="alarms">\n<h2 id="alarms">To settle first</h2>\n${list(report.alarms)}\n</section>\n`;
}

function dangers(report: Report): string {
  if (report.endangered.length === 0) return "";
  const parts = dangerGroups(report.endangered).map(
    ({ title, lines }) => `<h3>${inHtml(title)}</h3>\n${list(lines)}`,
  );
  return section("dangers", dangersTitle(report), parts.join("\n"));
}

function list(items: readonly Text[]): string {
  return `<ul>${items.map((item) => `<li>${htmlText(item)}</li>`).join("\n")}</ul>`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return `<p>${htmlText(block.text)}</p>`;
    case "list":
      return list(block.items);
    case "table":
      return table(block.head, block.rows);
    case "diff":
      return `<h3>${htmlText(block.title)}</h3>\n${preformatted(block.lines, diffClass)}`;
    case "verbatim":
      return preformatted(block.lines, () => "");
    case "picture":
      return figure(block.title, block.source);
  }
}

function table(head: readonly Text[], rows: readonly (readonly Text[])[]): string {
  const cells = (tag: string, of: readonly Text[]) =>
    of.map((cell) => `<${tag}>${htmlText(cell)}</${tag.split(" ")[0]}>`).join("");
  const body = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n");
  return `<div class="scroll" tabindex="0"><table><thead><tr>${cells('th scope="col"', head)}</tr></thead>\n<tbody>${body}</tbody></table></div>`;
}

function diffClass(line: string): string {
  return { "+": "add", "-": "del", "@": "at" }[line.charAt(0)] ?? "";
}

/** Can be reached by keyboard, since long lines scroll. */
function preformatted(lines: readonly string[], classOf: (line: string) => string): string {
  const spans = lines.map((line) => {
    const name = classOf(line);
    return `<span${name === "" ? "" : ` class="${name}"`}>${inHtml(line)}</span>`;
  });
  return `<pre tabindex="0">${spans.join("")}</pre>`;
}

function figure(title: Text, source: string): string {
  const drawn = picture(source);
  const text = preformatted(source.trimEnd().split("\n"), () => "");
  const caption = `<figcaption>${htmlText(title)}</figcaption>`;
  if (drawn === null) return `<figure>${caption}${text}</figure>`;
  return `<figure>${caption}<div class="picture" tabindex="0">${drawn}</div>${legend(source)}<details><summary>the same as text</summary>${text}</details></figure>`;
}

/** What the thick lines and the signs of changed machines mean, of those that are in the picture. */
function legend(source: string): string {
  const marked = (Object.keys(signs) as (keyof typeof signs)[]).filter((action) =>
    source.includes(`classDef ${action} `),
  );
  if (marked.length === 0) return "";
  const items = marked.map((action) => `<li class="mark-${action}">${signs[action].trim()} ${action}</li>`);
  return `<ul class="legend" aria-label="Marks in the picture">${items.join("")}</ul>`;
}
