import { counted } from "../../../../components/model/words.ts";
import { visible } from "../../../visible.ts";
import type { Block, Section, Text } from "../content/blocks.ts";
import { code, fence, inHtml, prose } from "../escape.ts";

/** GitHub draws no flowchart of more than 50,000 characters (Mermaid's `maxTextSize`), and nobody reads one of half of it. */
const largestPicture = 20_000;

/** A block that may be cut between its units, and is whole Markdown even then. Units are made when they are asked for. */
interface Pieces {
  readonly open: string;
  readonly units: number;
  readonly unit: (index: number) => string;
  readonly close: string;
}

export function markdownText(text: Text, inTable = false): string {
  return text
    .map((span) => {
      if (typeof span === "string") return prose(span);
      if ("code" in span) return code(span.code, inTable);
      const strong = prose(span.strong).trim();
      return strong === "" ? "" : `**${strong}**`;
    })
    .join("");
}

function pieces(block: Block): Pieces {
  switch (block.kind) {
    case "paragraph":
      return { open: "", units: 1, unit: () => markdownText(block.text), close: "" };
    case "list":
      return { open: "", ...units(block.items, (item) => `- ${markdownText(item)}`), close: "" };
    case "table": {
      const head = `${row(block.head)}\n|${" --- |".repeat(block.head.length)}\n`;
      return { open: head, ...units(block.rows, row), close: "" };
    }
    case "diff":
      return titled(block.title, fenced("diff", block.lines));
    case "verbatim":
      return fenced("", block.lines);
    case "picture": {
      const picture = titled(block.title, fenced("mermaid", [block.source.trimEnd()]));
      return block.source.length <= largestPicture ? picture : { ...picture, units: 0 };
    }
  }
}

function units<T>(of: readonly T[], text: (one: T) => string): Pick<Pieces, "units" | "unit"> {
  return {
    units: of.length,
    unit: (index) =>
      of
        .slice(index, index + 1)
        .map(text)
        .join(""),
  };
}

function titled(title: Text, pieces: Pieces): Pieces {
  return { ...pieces, open: `${markdownText(title)}\n\n${pieces.open}` };
}

function row(cells: readonly Text[]): string {
  return `| ${cells.map((cell) => markdownText(cell, true)).join(" | ")} |`;
}

function fenced(language: string, lines: readonly string[]): Pieces {
  const { open, close } = fence(language, lines);
  return { open: `${open}\n`, ...units(lines, visible), close: `\n${close}` };
}

export const bytes = (text: string): number => Buffer.byteLength(text);

/** A text, and whether anything had no room in it. */
export interface Fitted {
  readonly text: string;
  readonly cut: boolean;
}

/** What a note on something left out may take, in bytes. */
const noteRoom = 60;

/** As much of a block as fits, in bytes of UTF-8; an empty text where not even one unit does. */
export function fitBlock(block: Block, room: number): Fitted {
  const { open, units: all, unit, close } = pieces(block);
  let used = bytes(open) + bytes(close);
  const fitting: string[] = [];
  while (fitting.length < all) {
    const next = unit(fitting.length);
    used += bytes(next) + 1;
    if (used > room - (fitting.length + 1 < all ? noteRoom : 0)) break;
    fitting.push(next);
  }
  if (fitting.length === 0) return { text: "", cut: true };
  const left = all - fitting.length;
  const note = left === 0 ? "" : `\n\n*… and ${left} more*`;
  return { text: open + fitting.join("\n") + close + note, cut: left > 0 };
}

/**
 * As much of a section as fits. A block that doesn't gets at most half of the room that is left, so that a long one doesn't
 * starve those behind it.
 */
export function fitSection({ title, folded, blocks }: Section, room: number): Fitted {
  const [open, close] = folded
    ? [`<details><summary>${inHtml(title)}</summary>\n\n`, "\n\n</details>"]
    : [`### ${prose(title)}\n\n`, ""];
  let free = room - bytes(open) - bytes(close) - noteRoom;
  const texts: string[] = [];
  let cut = false;
  for (const block of blocks) {
    const whole = fitBlock(block, free);
    const fitted = whole.cut ? fitBlock(block, Math.floor(free / 2)) : whole;
    cut ||= fitted.cut;
    if (fitted.text === "") continue;
    texts.push(fitted.text);
    free -= bytes(fitted.text) + 2;
  }
  if (texts.length === 0) return { text: "", cut };
  const missing = blocks.length - texts.length;
  const note = missing === 0 ? "" : `\n\n*… and ${counted(missing, "more part")}*`;
  return { text: open + texts.join("\n\n") + note + close, cut };
}
