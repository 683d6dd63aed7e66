/*
 * Text of others inside our reports: names, messages and values may hold whatever they like, and must stay text.
 */

/**
 * Makes seen what would not be: control characters become their pictures, and those that turn the direction of writing or take no
 * space their numbers, so that a line can't look like another one (CVE-2021-42574). Line ends and tabs stay.
 */
export function visible(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n/g, "␍\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that are looked for
      .replace(/[\u0000-\u0008\u000b-\u001f]/g, (found) =>
        String.fromCodePoint(0x2400 + (found.codePointAt(0) ?? 0)),
      )
      .replace(
        /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu,
        (found) => `⟨U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
      )
  );
}

/** Takes no space and keeps GitHub from making a link, a mention or an emoji of what follows. */
const apart = "&#8203;";

/** Text inside a line of Markdown. Line ends become spaces. */
export function prose(text: string): string {
  return visible(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*[|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&")
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replace(/<(?=[a-z/!?])/gi, "&lt;")
    .replace(/@|(?<!&)#(?=\d)|GH-(?=\d)|www(?=\.)|:(?=\/\/)|:(?=[\w+-]+:)/gi, `$&${apart}`)
    .replace(/^( ?)([#+=>-])/, "$1\\$2")
    .replace(/^( ?\d{1,9})(?=[.)]( |$))/, `$1${apart}`);
}

/** A name or value inside a line of Markdown, as code. In tables no code in backticks can hold a backslash before a bar. */
export function code(text: string, inTable = false): string {
  const line = visible(text).replace(/\s+/g, " ");
  if (line.trim() === "") return "` `";
  if (inTable && line.includes("|")) return `<code>${prose(line)}</code>`;
  const ticks = "`".repeat(longestRun(line) + 1);
  const padded = line.startsWith("`") || line.endsWith("`") ? ` ${line} ` : line;
  return `${ticks}${padded}${ticks}`;
}

/** Beginning and end of a fenced block that none of the lines can close. */
export function fence(language: string, lines: readonly string[]): { open: string; close: string } {
  const longest = lines.reduce((most, line) => Math.max(most, longestRun(line)), 2);
  const close = "`".repeat(longest + 1);
  return { open: `${close}${language}`, close };
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0);
}

/** Text inside HTML, between tags and in quoted attributes. */
export function inHtml(text: string): string {
  return visible(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
