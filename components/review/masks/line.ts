import { maskAssignments } from "./assignments.ts";
import { hidden } from "./hidden.ts";
import { walkLines } from "./lines.ts";
import { maskEncoded, maskShapes } from "./shapes.ts";

/** How the engine marks a secret in JSON: signature key and the signature of secrets. */
const marked =
  /\{\s{0,64}(\\{0,7}")4dabf18193072939515e22adb298388d\\{0,7}"\s{0,16}:\s{0,16}\\{0,7}"1b47061264138c4ac30d75fd1eb44270\\{0,7}"/g;

/** A single line with its credentials hidden. What spans lines is `walkLines`' business. */
export function maskLine(line: string): string {
  return maskEncoded(maskPlain(maskStrings(line)), maskLines);
}

/** Without looking into base64, so that base64 in base64 in … costs nothing. */
function maskPlain(line: string): string {
  return maskShapes(maskAssignments(maskMarked(line)));
}

const escapes = /\\[n"]/;

function maskLines(text: string): string {
  return walkLines(text.split("\n"), maskPlain).join("\n");
}

/** JSON's strings that hold lines or JSON (a file in a property) are read as what they hold; those in them likewise. */
function maskStrings(line: string): string {
  if (!escapes.test(line)) return line;
  const out: string[] = [];
  let done = 0;
  for (let start = line.indexOf('"'); start !== -1; start = line.indexOf('"', done)) {
    const end = endOfString(line, start + 1);
    if (end === -1) break;
    out.push(line.slice(done, start), maskString(line.slice(start, end)));
    done = end;
  }
  return out.join("") + line.slice(done);
}

/** Behind the quote that closes a string whose inside begins at `from`; -1 where none does. */
function endOfString(line: string, from: number): number {
  for (let at = from; at < line.length; at += 1) {
    if (line[at] === "\\") at += 1;
    else if (line[at] === '"') return at + 1;
  }
  return -1;
}

function maskString(literal: string): string {
  if (literal.length < 10 || !escapes.test(literal)) return literal;
  try {
    const text: unknown = JSON.parse(literal);
    if (typeof text !== "string") return literal;
    const masked = walkLines(text.split("\n"), maskLine).join("\n");
    return masked === text ? literal : JSON.stringify(masked);
  } catch {
    // Quotes of another language.
    return literal;
  }
}

function maskMarked(line: string): string {
  const out: string[] = [];
  let done = 0;
  marked.lastIndex = 0;
  for (let match = marked.exec(line); match !== null; match = marked.exec(line)) {
    const end = endOfObject(line, marked.lastIndex);
    const quote = match[1] ?? '"';
    out.push(line.slice(done, match.index), quote, hidden, quote);
    done = end;
    marked.lastIndex = end;
  }
  return out.join("") + line.slice(done);
}

/** Behind the brace that closes an object whose inside begins at `from`; braces in strings don't count. */
function endOfObject(line: string, from: number): number {
  let depth = 1;
  let text = false;
  for (let at = from; at < line.length; at += 1) {
    const character = line[at];
    if (character === "\\") at += 1;
    else if (character === '"') text = !text;
    else if (!text && character === "{") depth += 1;
    else if (!text && character === "}") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return line.length;
}
