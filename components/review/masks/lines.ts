import { isPair } from "./assignments.ts";
import { hidden } from "./hidden.ts";
import { nameKind } from "./names.ts";
import { looksRandom } from "./random.ts";

/*
 * Secrets that span lines: private keys, YAML's blocks under a credential's name, heredocs, lists, and a name whose value stands
 * in the next line.
 */

/** What the lines after the present one are. */
type Mode =
  | { readonly kind: "plain" }
  /** Inside of a PEM block; a public one shows. */
  | { readonly kind: "pem"; readonly secret: boolean }
  /** Under a credential's name: all that is indented deeper. */
  | { readonly kind: "block"; readonly indent: number }
  /** Up to a line that is just this word. */
  | { readonly kind: "heredoc"; readonly end: string }
  /** Up to the closing bracket. */
  | { readonly kind: "list" }
  /** The line before named a credential, and this one may give its value. */
  | { readonly kind: "named"; readonly name: string };

const plain: Mode = { kind: "plain" };
const pemBegin = /-----BEGIN ([A-Z0-9 ]{0,64})-----/;
const pemEnd = /-----END [A-Z0-9 ]{0,64}-----/;
const publicPem =
  /^(?:X509 |TRUSTED |NEW )?(?:CERTIFICATE|CERTIFICATE REQUEST|X509 CRL|PUBLIC KEY|RSA PUBLIC KEY|DH PARAMETERS|EC PARAMETERS)$/;

/** Body of a PEM block: base64, or headers such as `Proc-Type: 4,ENCRYPTED`. In JSON the ends of lines are `\n`. */
const pemBody = /^[-+ ]?\s*(?:[A-Za-z0-9+/=\\nr"',]*|[A-Za-z][\w-]{1,24}: [^\s].{0,200})$/;

/** A line of a key without its head: base64 of a PEM file's width. Hexadecimal digits are hashes. */
const stray = /^[-+ ]?(\s*)(?![0-9a-f]+$)([A-Za-z0-9+/]{64}|[A-Za-z0-9+/]{70}|[A-Za-z0-9+/]{76})\s*$/;

const opening = /^([-+ ]?\s*(?:- )?)["']?([A-Za-z_][\w.-]{0,119})["']?\s{0,16}(?:[:=]|=>)\s{0,16}(.{0,200})$/;

const naming =
  /^[-+ ]?\s*(?:- )?["']?(?:name|key)["']?\s{0,16}[:=]\s{0,16}["']?([A-Za-z_][\w.-]{0,119})["']?,?\s*$/i;

const valueLine = /^([-+ ]?\s*["']?value["']?\s{0,16}[:=]\s{0,16})(?!\$|\[hidden\])(["']?)([^\s].*?)\2(,?)$/i;

/** Every line masked, by `mask` where it stands for itself. As many lines come out as go in. */
export function walkLines(lines: readonly string[], mask: (line: string) => string): string[] {
  let mode: Mode = plain;
  return lines.map((line) => {
    const [shown, next] = step(mode, line, mask);
    mode = next;
    return shown;
  });
}

function step(mode: Mode, line: string, mask: (line: string) => string): readonly [string, Mode] {
  switch (mode.kind) {
    case "plain":
      return alone(line, mask);
    case "pem":
      return insidePem(mode, line, mask);
    case "block":
      if (line.trim() === "") return [line, mode];
      return indentOf(line) > mode.indent ? [hiddenLine(line), mode] : alone(line, mask);
    case "heredoc":
      return line.replace(/^[-+ ]/, "").trim() === mode.end ? [line, plain] : [hiddenLine(line), mode];
    case "list":
      if (/^[-+ ]?\s*\]/.test(line)) return alone(line, mask);
      return [hiddenLine(line), line.trim() !== hidden && /["'\w]\s*\][\s,;)}]*$/.test(line) ? plain : mode];
    case "named": {
      const value = valueLine.exec(line);
      if (value === null || !isCredential(mode.name, value[3] ?? "")) return alone(line, mask);
      return [`${value[1]}${value[2]}${hidden}${value[2]}${value[4]}`, plain];
    }
  }
}

function isCredential(name: string, value: string): boolean {
  return nameKind(name) === "strong" || looksRandom(value) || isPair(name, value);
}

function alone(line: string, mask: (line: string) => string): readonly [string, Mode] {
  const begin = pemBegin.exec(line);
  if (begin !== null) return pemOpened(line, begin, mask);
  if (stray.test(line)) return [hiddenLine(line), plain];
  const named = naming.exec(line)?.[1];
  if (named !== undefined && nameKind(named) !== "none") return [mask(line), { kind: "named", name: named }];
  return [mask(line), opened(line)];
}

function pemOpened(
  line: string,
  begin: RegExpExecArray,
  mask: (line: string) => string,
): readonly [string, Mode] {
  const secret = !publicPem.test(begin[1] ?? "");
  const from = begin.index + begin[0].length;
  const rest = line.slice(from);
  const end = pemEnd.exec(rest);
  if (end === null) {
    const shown = secret && rest.trim() !== "" ? `${line.slice(0, from)}${hidden}` : line;
    return [
      secret ? `${mask(line.slice(0, begin.index))}${shown.slice(begin.index)}` : shown,
      { kind: "pem", secret },
    ];
  }
  // The whole block in one line, as in JSON.
  const [shown, next] = alone(rest.slice(end.index + end[0].length), mask);
  const body = secret ? hidden : rest.slice(0, end.index);
  return [`${maskBefore(line.slice(0, begin.index), mask)}${begin[0]}${body}${end[0]}${shown}`, next];
}

function maskBefore(text: string, mask: (line: string) => string): string {
  return text.trim() === "" ? text : mask(text);
}

function insidePem(
  mode: Mode & { kind: "pem" },
  line: string,
  mask: (line: string) => string,
): readonly [string, Mode] {
  const end = pemEnd.exec(line);
  if (end !== null) {
    const before = line.slice(0, end.index);
    const [shown, next] = alone(line.slice(end.index + end[0].length), mask);
    return [
      `${mode.secret && /[A-Za-z0-9]/.test(before) ? hiddenLine(before) : before}${end[0]}${shown}`,
      next,
    ];
  }
  // A block that was cut off has no end: it ends where something else begins.
  if (!pemBody.test(line)) return alone(line, mask);
  return [mode.secret && line.trim() !== "" ? hiddenLine(line) : line, mode];
}

/** What a line opens: a block, a heredoc, a list. */
function opened(line: string): Mode {
  const match = opening.exec(line);
  if (match === null || nameKind(match[2] ?? "") !== "strong") return plain;
  const value = (match[3] ?? "").trim();
  const heredoc = /^<<[-~]?\s*["']?(\w+)["']?$/.exec(value)?.[1];
  if (heredoc !== undefined) return { kind: "heredoc", end: heredoc };
  if (/^(?:!\S+ )?[|>][-+\d]*$/.test(value)) return { kind: "block", indent: indentOf(line) };
  return /^\[\s*$/.test(value) ? { kind: "list" } : plain;
}

function indentOf(line: string): number {
  return /^[-+]?\s*/.exec(line)?.[0].length ?? 0;
}

function hiddenLine(line: string): string {
  return `${/^[-+ ]?\s*/.exec(line)?.[0] ?? ""}${hidden}`;
}
