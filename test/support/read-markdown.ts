import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { expandBraces } from "./braces.ts";

/** Markdown as GitHub reads it (CommonMark with GFM's tables, fences, links); raw HTML is kept, so that it can be looked for. */
export function readMarkdown(markdown: string): string {
  return micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
}

/** What a reader sees of HTML, without what takes no space. */
export function textOf(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->|<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replaceAll("\u200b", "");
}

/** Tags that aren't closed, or closed in the wrong order. */
export function unbalanced(html: string): string[] {
  const alone = new Set(["br", "hr", "meta", "input", "img"]);
  const open: string[] = [];
  for (const [, close, name = "", rest = ""] of html.matchAll(
    /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:"[^"]*"|[^">])*)>/g,
  )) {
    if (close === "/") {
      if (open.pop() !== name) return [`</${name}>`];
    } else if (!alone.has(name) && !rest.endsWith("/")) open.push(name);
  }
  return open;
}

/** All that stands as code in a part of a comment, expanded: what is said to be deleted, replaced or protected. */
export function namesIn(html: string): Set<string> {
  const found = new Set<string>();
  for (const [, raw = ""] of html.matchAll(/<code[^>]*>([\s\S]*?)<\/code>/g)) {
    const code = textOf(raw);
    found.add(code);
    // Words end at spaces that no backslash stands before.
    for (const word of code.split(/(?<!\\)[\s]+/)) {
      try {
        for (const name of expandBraces(word)) found.add(name);
      } catch {
        // A name that stands by itself may hold a brace, and is no expression.
      }
    }
  }
  return found;
}
