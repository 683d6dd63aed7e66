import { isSecret, isUnknown, unknownValue } from "./engine/values.ts";
import { isPair } from "./masks/assignments.ts";
import { hidden } from "./masks/hidden.ts";
import { maskLine } from "./masks/line.ts";
import { walkLines } from "./masks/lines.ts";
import { nameKind } from "./masks/names.ts";
import { looksRandom } from "./masks/random.ts";

/*
 * Secrets never show, and what changes beside them does. A review works on what is not marked as secret by anybody too (files,
 * logs, errors), so secrets are found by what they look like: by the name that a value stands under, by the shapes that
 * issuers give their tokens, by keys' PEM headers.
 *
 * Mask after comparing, never before: two secrets that differ are equal once they are masked. Compare the raw texts, then show
 * the masked ones, so that a changed secret is a changed line with `[hidden]` on both sides. And mask whole texts, not pieces:
 * a line from the middle of a private key doesn't tell what it is. `maskText` keeps the number of lines, so the masked form of
 * line n is line n of the masked text.
 */

export { hidden };

/** What is shown in place of a value that the engine knows only afterwards. */
export const knownAfter = "[known after]";

const unknowns = new RegExp(unknownValue, "g");

/**
 * A text with its credentials replaced by `[hidden]` and all else as it is: files, logs, messages, errors. Line for line: the
 * result has as many lines as the text. Masking twice changes nothing more; the time grows with the text's length only.
 */
export function maskText(text: string): string {
  return walkLines(text.split("\n"), maskLine).join("\n");
}

/**
 * The value of a field, as text for people. Hidden as a whole where the engine marked it or a name in its path is that of a
 * credential (`environment.DB_PASSWORD`); else its text as `maskText` shows it. Objects and lists become JSON with sorted keys,
 * masked field by field. A reference to a secret is a credential too under such a name: who may show the reference's name words
 * it before.
 *
 * @param path e.g. `networks[0].name`; empty for a value without a name
 */
export function maskField(path: string, value: unknown): string {
  if (value === undefined) return "";
  const masked = namesCredential(path) || looksLikeOne(path, value) ? maskWhole(value) : maskValue(value);
  return typeof masked === "string" ? masked : JSON.stringify(masked);
}

function namesCredential(path: string): boolean {
  return namesOf(path).some((name) => nameKind(name) === "strong");
}

function looksLikeOne(path: string, value: unknown): boolean {
  const name = namesOf(path).at(-1) ?? "";
  if (typeof value !== "string" || nameKind(name) !== "weak") return false;
  return looksRandom(value) || isPair(name, value);
}

function namesOf(path: string): string[] {
  return path.split(/[.[\]"'/]+/).filter((name) => name !== "");
}

/** Hides everything but what says nothing: no value, an empty one, a switch, one that nobody knows yet. */
function maskWhole(value: unknown): unknown {
  if (value === null || value === "" || typeof value === "boolean") return value;
  return isUnknown(value) ? knownAfter : hidden;
}

/** Whether it is the value of an option in a list of arguments: `["--password", "x"]`. */
function followsOption(before: unknown, item: unknown): boolean {
  if (typeof before !== "string" || typeof item !== "string" || item.startsWith("-")) return false;
  return /^--?[A-Za-z][\w.-]*$/.test(before) && nameKind(before.replace(/^-+D?/, "")) === "strong";
}

function maskValue(value: unknown): unknown {
  if (isSecret(value)) return hidden;
  if (typeof value === "string") return maskText(value).replace(unknowns, knownAfter);
  if (Array.isArray(value))
    return value.map((item, index) =>
      followsOption(value[index - 1], item) ? maskWhole(item) : maskValue(item),
    );
  if (typeof value !== "object" || value === null) return value;
  const fields = new Map(Object.entries(value));
  // `{ name: "DB_PASSWORD", value: "…" }`, as containers' environments are written.
  const named = [fields.get("name"), fields.get("key"), fields.get("Name"), fields.get("Key")].some(
    (name) => typeof name === "string" && nameKind(name) === "strong",
  );
  return Object.fromEntries(
    [...fields]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => {
        const credential = nameKind(key) === "strong" || (named && key.toLowerCase() === "value");
        return [maskText(key), credential ? maskWhole(field) : maskValue(field)];
      }),
  );
}
