import { hidden } from "./hidden.ts";
import { nameKind } from "./names.ts";
import { isCamelWords, isWords, longestRandom, looksRandom } from "./random.ts";
import { type Reach, tellsNothing, type ValueSpan, valueAt } from "./values.ts";

/*
 * Values under credentials' names: `password = x`, `token: x`, `"secret": "x"`, `DB_PASSWORD=x`, `auth_pass x`, `?token=x`,
 * `--password x`, `<password>x</password>`, `name: DB_PASSWORD, value: x`. Read by hand from name to name and not by one
 * large expression, so that the time is linear whatever the line holds.
 */

const names = /[A-Za-z_][\w.$-]*/g;

/** A line without these holds no name of a credential, and needs no reading. */
const anyStem =
  /pass|pwd|secret|token|cred|key|psk|auth|jwt|bearer|cookie|sess|sid|sig|salt|pin|hash|cipher|plaintext|secure|\bD?pw|_pw|login|basic|userinfo|user_info/i;

/** What stands between a name and its value. The words are those of lists such as `name: X, value: Y`. */
const separators = [
  /(?:\\{0,7}["'`])?[\])]?\s{0,16}(?:\?\?=|\?:|:=|=>|\+=|===?|!==?|=|:(?!:))\s{0,64}/y,
  /\\{0,7}["'`]\s{0,16}[,;]?\s{0,16}(?:\\{0,7}["'`])?value(?:\\{0,7}["'`])?\s{0,16}[:=]\s{0,64}/iy,
  /%3[dD]/y,
];

/** Between an option and its value in a list of arguments: `["--password", "x"]`. */
const nextArgument = /\\{0,7}["'`]\s{0,16},\s{0,16}(?=\\{0,7}["'`](?!-))/y;

/** What may stand before a name whose value follows after a space only: the line's start or a directive that sets something. */
const setters =
  /(?:^|[\s"'[(=])(?:--?|set \$|(?:config set|--secret|setenv|export|env|proxy_set_header|grpc_set_header|add_header|more_set_headers|fastcgi_param|uwsgi_param|setx|default|requirepass|header|login \S{1,64}) ["']?)$/i;

/** Begin of a line in a file or a diff: signs of a diff, indentation, bullets and comment signs. */
const lineStart = /^[-+ ]?\s*(?:(?:-|#+|\/\/|;|\*|export|const|let|var|set|ENV|ARG)\s+)*["']?$/;

/** What a message puts in front of a line that it quotes: `5: JWT_SECRET: x y`, `config.yaml: password: x y`, `3 | token: x`. */
const quotedLine = /(?:^|\s)[^\s,;{}[\]"'`]{1,128}(?::| \|)[ \t]{1,8}$/;

/** Schemes in front of the credentials of an Authorization header; they tell nothing. */
const scheme = /(?:Bearer|Basic|Token|Digest|Negotiate|ApiKey|AWS4-HMAC-SHA256)\s{1,8}/iy;

/** A line with the values under credentials' names hidden. */
export function maskAssignments(line: string): string {
  if (!anyStem.test(line)) return line;
  const out: string[] = [];
  let done = 0;
  names.lastIndex = 0;
  for (let match = names.exec(line); match !== null; match = names.exec(line)) {
    const span = secretAfter(line, match[0], match.index);
    if (span === null) continue;
    out.push(line.slice(done, span.start), hidden);
    done = span.end;
    names.lastIndex = span.end;
  }
  return out.join("") + line.slice(done);
}

/** The secret that stands under a name; null where none does. */
function secretAfter(line: string, name: string, at: number): ValueSpan | null {
  const kind = nameKind(optionName(line, name, at));
  if (kind === "none" || namesOnly(line, name, at) || (looksRandom(name) && !isCamelWords(name))) return null;
  // What looks random is not that long; a bound, so that names whose values are none don't make the time quadratic.
  const readable = kind === "strong" ? line : line.slice(0, at + name.length + longestRandom + 200);
  const span = valueUnder(readable, name, at, kind === "strong");
  if (span === null || span.start < at + name.length) return null;
  const value = line.slice(span.start, span.end);
  if (tellsNothing(value.trim())) return null;
  if (kind === "weak") return looksRandom(value.trim()) || isPair(name, value.trim()) ? span : null;
  // Counts and the like: `max_tokens: 100`. A password of digits is longer or stands under another name.
  return /tokens$/i.test(name) && /^\d{1,9}$/.test(value) ? null : span;
}

/** Without what options of Java (`-Dapi.key=x`) and MSBuild glue to a name, and without what a sentence ends with. */
function optionName(line: string, name: string, at: number): string {
  const glued = /[-/]/.test(line[at - 1] ?? "") && /^[DPX][A-Za-z]/.test(name) ? name.slice(1) : name;
  return glued.replace(/[.$-]+$/, "");
}

/** `user:password` under a name of such (`AUTH`, `login`); no address with a port, no URL. */
export function isPair(name: string, value: string): boolean {
  if (!/(?:auth|basic|login)\d*$/i.test(name)) return false;
  return /^[\w.@+-]{1,64}[:/](?!\/|\d{1,5}$|\[hidden\])[^\s:/]\S{3,}$/.test(value);
}

/** Where a credential's name is no name of a value: `cookie:session` says which cookie, `config set --secret` has no value. */
function namesOnly(line: string, name: string, at: number): boolean {
  if (/cookie/i.test(name)) return !/^["']?:\s/.test(line.slice(at + name.length, at + name.length + 3));
  return name === "secret" && line.slice(at - 2, at) === "--";
}

function valueUnder(line: string, name: string, at: number, strong: boolean): ValueSpan | null {
  const end = at + name.length;
  const before = line.slice(Math.max(0, at - 200), at);
  const first = at <= 200 && (lineStart.test(before) || quotedLine.test(before));
  for (const separator of separators) {
    separator.lastIndex = end;
    const match = separator.exec(line);
    if (match === null) continue;
    // A comparison has a secret on its other side only if that is a literal.
    if (/[=!]=/.test(match[0]) && !/["'`]/.test(line[separator.lastIndex] ?? "")) return null;
    return afterScheme(line, separator.lastIndex, reachOf(name, before, first, match[0]));
  }
  nextArgument.lastIndex = end;
  if (/["'`]--?$/.test(before) && nextArgument.test(line))
    return valueAt(line, nextArgument.lastIndex, "word");
  if (line[end] === ">" && line[at - 1] === "<") return valueAt(line, end + 1, "word");
  return strong || setters.test(before.slice(-80)) ? valueAfterSpace(line, end, before, first) : null;
}

function reachOf(name: string, before: string, first: boolean, separator: string): Reach {
  const quote = quoteBefore(before);
  if (quote !== undefined && !/["'`]/.test(separator)) return { quotes: quote };
  // Headers are sent whole, in their scheme's words; nothing of it is a quote.
  if (/authorization|cookie/i.test(name)) return { quotes: "\"'" };
  return first ? "line" : "word";
}

/** The quote that the assignment itself begins with: `"password: x"`. */
function quoteBefore(before: string): string | undefined {
  return /["'`](?=[ \t]{0,64}(?:- )?$)/.exec(before)?.[0];
}

function afterScheme(line: string, from: number, reach: Reach): ValueSpan | null {
  const span = valueAt(line, from, reach);
  if (span === null) return null;
  scheme.lastIndex = span.start;
  return scheme.test(line) && scheme.lastIndex < span.end ? { ...span, start: scheme.lastIndex } : span;
}

/** `auth_pass x`, `--token x`, `proxy_set_header X-Api-Key "x"`, `password "x"`; prose names credentials as well and stays. */
function valueAfterSpace(line: string, end: number, before: string, first: boolean): ValueSpan | null {
  const space = /["']?[ \t]{1,64}/y;
  space.lastIndex = end;
  if (!space.test(line)) return null;
  const from = space.lastIndex;
  if (line[from] === "[" || line[from] === "-") return null;
  const span = afterScheme(line, from, "word");
  if (span === null) return null;
  if (setters.test(before.slice(-80))) return span;
  const value = line.slice(span.start, span.end);
  if (quoteBefore(before) !== undefined && /^;?["'`]/.test(line.slice(span.end, span.end + 2))) return span;
  if (first && /^["'`]?\s{0,64}[;,]?\s{0,64}$/.test(line.slice(span.end, span.end + 130))) return span;
  return looksRandom(value) || (span.start > from && isQuotedValue(value)) ? span : null;
}

/** In quotes after the name, as errors put it; not what is the name of a secret itself (`the secret "db-password-2"`). */
function isQuotedValue(value: string): boolean {
  if (value.length < 8 || value.length > longestRandom || isWords(value)) return false;
  return /^(?=\D*\d|.*[a-z][A-Z].*[a-z][A-Z])[^\s/]+$/.test(value);
}
