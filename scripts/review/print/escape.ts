import { visible } from "../../visible.ts";

/*
 * Text of others inside our reports: names, messages and values may hold whatever they like, and must stay text.
 */

/** Takes no space and keeps GitHub and GitLab from making a link, a mention or an emoji of what follows. */
const apart = "&#8203;";

/** Text inside a line of Markdown. Line ends become spaces. */
export function prose(text: string): string {
  return (
    visible(text)
      .replace(/\s+/g, " ")
      .replace(/[\\`*[|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&")
      .replace(/&(?=#?\w+;)/g, "&amp;")
      .replace(/<(?=[a-z/!?])/gi, "&lt;")
      .replace(/@|(?<!&)#(?=\d)|GH-(?=\d)|www(?=\.)|:(?=\/\/)|:(?=[\w+-]+:)/gi, `$&${apart}`)
      // GitLab's: merge requests, milestones, epics, snippets, labels; and quick actions, which a bot's comment would carry out.
      .replace(/[!%&](?=\d)|\\[~$](?=[\w"])/g, `$&${apart}`)
      .replace(/^( ?)([#+=>/-])/, "$1\\$2")
      .replace(/^( ?\d{1,9})(?=[.)]( |$))/, `$1${apart}`)
  );
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
