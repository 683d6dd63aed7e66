import { stripVTControlCharacters } from "node:util";
import type { Review } from "../../../components/review/types.ts";
import { paint, table } from "../../text.ts";
import { visibleLine } from "../../visible.ts";
import type { Block, Section, Text } from "./content/blocks.ts";
import { commentDepth } from "./content/depth.ts";
import { reportOf } from "./content/report.ts";

/*
 * A review for who reads it at a terminal: colours where there are some, wrapped to its width, and no source of pictures, which nobody
 * can read there.
 */

/** Columns where the terminal's are unknown. */
const usualWidth = 80;

/** @param width columns to wrap at */
export function terminal(review: Review, width = usualWidth): string {
  const { stack, heading, summary, alarms, endangered, sections } = reportOf(review, commentDepth);
  const lost = endangered.map(
    ({ component, type, name, why }): Text => [
      { strong: [...component, name].join(" › ") },
      ` ${type}${why === "" ? "" : `: ${why}`}`,
    ],
  );
  const parts = [
    [`${paint("bold", visibleLine(stack))}: ${heading}`, ...summary.flatMap((line) => wrapped(line, width))],
    ...(alarms.length === 0 ? [] : [alarms.flatMap((alarm) => item(alarm, width, paint("red", "!")))]),
    ...(lost.length === 0
      ? []
      : [[title("Deleted, replaced, protected"), ...lost.flatMap((one) => item(one, width, "-"))]]),
    ...sections.map((section) => sectionLines(section, width)),
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

const title = (text: string) => paint(["bold", "underline"], text);

function sectionLines(section: Section, width: number): string[] {
  const blocks = section.blocks.map((block) => blockLines(block, width)).filter((lines) => lines.length > 0);
  return [title(section.title), ...blocks.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]))];
}

function blockLines(block: Block, width: number): string[] {
  switch (block.kind) {
    case "paragraph":
      return wrapped(block.text, width);
    case "list":
      return block.items.flatMap((one) => item(one, width, "-"));
    case "table":
      return tableLines(block.head, block.rows, width);
    case "diff":
      return [spans(block.title), ...block.lines.map(diffLine)];
    case "verbatim":
      return block.lines.map(visibleLine);
    case "picture":
      return [
        `${spans(block.title).replace(/:$/, "")}: ${paint("dim", "a picture; --format html --out <file> draws it")}`,
      ];
    default:
      return block satisfies never;
  }
}

function spans(text: Text): string {
  return text
    .map((span) => {
      if (typeof span === "string") return visibleLine(span);
      return "code" in span ? paint("cyan", visibleLine(span.code)) : paint("bold", visibleLine(span.strong));
    })
    .join("");
}

function diffLine(line: string): string {
  const shown = visibleLine(line);
  if (line.startsWith("+")) return paint("green", shown);
  if (line.startsWith("-")) return paint("red", shown);
  return line.startsWith("@@") ? paint("cyan", shown) : shown;
}

const length = (text: string) => stripVTControlCharacters(text).length;

/** Cut at spaces; a word that is longer than a line has one of its own. */
function wrapped(text: Text, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of spans(text).split(" ")) {
    if (line !== "" && length(line) + 1 + length(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

function item(text: Text, width: number, mark: string): string[] {
  return wrapped(text, width - 2).map((line, index) => `${index === 0 ? mark : " "} ${line}`);
}

/** In columns where they have room, else each row as a list of its own. */
function tableLines(head: readonly Text[], rows: readonly (readonly Text[])[], width: number): string[] {
  const heads = head.map(spans);
  const cells = rows.map((row) => row.map(spans));
  const drawn = table([heads.map((text) => paint("dim", text)), ...cells]).split("\n");
  if (drawn.every((line) => length(line) <= width)) return drawn;
  return rows.flatMap(([first = [], ...others]) => [
    ...item(first, width, "-"),
    ...others.flatMap((cell, index) => {
      const name = heads[index + 1] ?? "";
      return spans(cell) === ""
        ? []
        : wrapped([...(name === "" ? [] : [`${name}: `]), ...cell], width - 4).map((line) => `    ${line}`);
    }),
  ]);
}
