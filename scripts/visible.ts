/*
 * Text of others on a terminal and in reports. What strangers can write (a header in a log line, a node's answer, a reason that a
 * warden gives) must not move the cursor, change a title, answer for the person at the keyboard or look like another line.
 */

/** What takes no space, turns the direction of writing, or is a control of the upper half (C1: U+009B begins sequences too). */
const unseen = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

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
        unseen,
        (found) => `⟨U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
      )
  );
}

/** The same in one line: line ends are seen as well. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll("\n", "␊");
}

/** JSON that says the same and holds none of these characters: its own escapes cover those below U+0020 only. */
export function visibleJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(unseen, (found) =>
    [...Array(found.length).keys()]
      .map((index) => `\\u${found.charCodeAt(index).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
