import { hidden } from "./hidden.ts";

/** Where the value of an assignment stands in its line, without its quotes. */
export interface ValueSpan {
  readonly start: number;
  readonly end: number;
}

export type Reach = "word" | "line" | { readonly quotes: string };

/** Words that are no credentials whatever they stand under: switches, types, nothing. */
const words = new Set(
  "true false null none nil undefined on off yes no string number boolean unknown any str int bool never required optional default".split(
    " ",
  ),
);

/** What refers to a value that stands elsewhere; the whole value must be one. */
const references = [
  // Shells, nginx, Compose, templates, GitHub's workflows.
  /^\$\w+$/,
  /^\$\{[^{}]*\}$/,
  /^\$\{\{[^{}]*\}\}$/,
  /^\$\([^()]*\)$/,
  /^\{\{[^{}]*\}\}$/,
  /^%\w+%$/,
  // Placeholders for people.
  /^<[^<>]*>$/,
  /^(?:\*+|x{3,}|X{3,}|\.{3}|…)$/,
  // Programs: where it is read from.
  /^(?:secret|getSecret|requireSecret|getenv|file|readFile(?:Sync)?|read|lookup)\([^()]*\)$/,
  /^(?:process\.env|import\.meta\.env|os\.environ|config|pulumi|var|local|data|module|this|options|args)[.[][\w.[\]"'()]*$/,
  /^!(?:Ref|secret|GetAtt|ImportValue|env) \S+$/,
  /^(?:arn|urn):\S+$/,
];

/** Whether a value says nothing secret: empty, hidden already, a word such as `off`, or a reference to where the secret is. */
export function tellsNothing(value: string): boolean {
  if (value === "" || value === hidden || value === "[secret]") return true;
  return words.has(value.toLowerCase()) || references.some((form) => form.test(value));
}

/**
 * The value that begins at `from`.
 *
 * @param reach how far an unquoted value goes: to the end of its word, to the end of the line (YAML, ini files), or to one of these
 *   quotes, where the whole assignment stands in quotes
 */
export function valueAt(line: string, from: number, reach: Reach): ValueSpan | null {
  if (from >= line.length) return null;
  const quote = /(?:\\{0,7})["'`]/y;
  quote.lastIndex = from;
  const opening = quote.exec(line)?.[0];
  if (opening !== undefined) return quoted(line, from + opening.length, opening);
  if (line.startsWith(hidden, from)) return { start: from, end: from + hidden.length };
  if (line[from] === "{" && line[from + 1] !== "{") return null;
  if (line[from] === "[") return list(line, from);
  const end = reach === "word" ? endOfWord(line, from) : endOfLine(line, from, reach);
  return end > from ? { start: from, end } : null;
}

/** Up to the same quote, as deeply escaped as the opening one; to the line's end when it never closes. */
function quoted(line: string, start: number, opening: string): ValueSpan {
  const character = opening.slice(-1);
  const depth = opening.length - 1;
  for (let at = line.indexOf(character, start); at !== -1; at = line.indexOf(character, at + 1)) {
    let slashes = 0;
    while (at - slashes > start && line[at - slashes - 1] === "\\") slashes += 1;
    if (slashes <= depth) return { start, end: at - slashes };
    // `''` inside of YAML's single quotes, `\"` inside of others: part of the value.
  }
  return { start, end: line.length };
}

/** A list in one line; to the line's end when it never closes. */
function list(line: string, from: number): ValueSpan {
  const end = line.indexOf("]", from);
  return { start: from + 1, end: end === -1 ? line.length : end };
}

/** Without a comment and what ends a statement. */
function endOfLine(line: string, from: number, reach: Reach): number {
  // A comment, or the next of several assignments in one line.
  const next = reach === "line" ? /\s(?:#|[A-Za-z_][\w.-]{0,64}=[^\s=])/g : /\s#/g;
  next.lastIndex = from;
  let end = next.exec(line)?.index ?? line.length;
  if (typeof reach === "object")
    for (const quote of reach.quotes) {
      const at = line.indexOf(quote, from);
      if (at !== -1 && at < end) end = at;
    }
  while (end > from && /[\s;,\\]/.test(line[end - 1] ?? "")) end -= 1;
  return end;
}

const blank = /\s/;

/**
 * The end of an unquoted word. A credential may hold any character, so commas, brackets, `;` and `&` end it only where what follows
 * shows that they are no part of it; where in doubt too much is hidden.
 */
function endOfWord(line: string, from: number): number {
  const next = /[\s"'`<>|;&,)}\]]/g;
  next.lastIndex = from;
  for (let match = next.exec(line); match !== null; match = next.exec(line)) {
    const { 0: character, index } = match;
    if (blank.test(character) || "\"'`<>".includes(character)) return index;
    if (endsHere(line, index, character)) return index;
  }
  return line.length;
}

function endsHere(line: string, index: number, character: string): boolean {
  const rest = line.slice(index + 1, index + 66);
  if (character === ";" || character === "&") return /^(?:\s|$|[\w .-]{1,64}=)/.test(rest);
  return /^[)}\],;|]*(?:\s|$)/.test(rest) || (character === "," && /^[\w.-]{1,64}[:=]/.test(rest));
}
