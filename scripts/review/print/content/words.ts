import type {
  Cause,
  EngineStep,
  OpenPorts,
  Shown,
  StepKind,
} from "../../../../components/review/engine/types.ts";
import type { Verdict } from "../../../../components/review/types.ts";
import { compact } from "../names.ts";
import type { Fate, Span, Text } from "./blocks.ts";

/* The words of every printed review, so that one thing has one name in all of them. */

export const verdicts: Readonly<Record<Verdict, string>> = {
  unchanged: "no change",
  changed: "changes, nothing is deleted or replaced",
  destructive: "something is deleted or replaced",
  drift: "what runs is not what the state says",
  violated: "a danger that nobody has acknowledged",
  failed: "the review is not complete",
};

/** In place of `destructive`, where nothing goes without a new one that is there first. */
export const releaseWords = "a release: replaced, the new ones first; nothing is only deleted";

/** In the order of counting: the gravest first. */
export const stepKinds: Readonly<Record<StepKind, string>> = {
  delete: "delete",
  replace: "replace",
  update: "update",
  create: "create",
  import: "import",
  read: "read",
  discard: "forget",
  other: "change in another way",
};

export const orders: Readonly<Record<"create-first" | "delete-first", string>> = {
  "create-first": "the new one first",
  "delete-first": "the old one goes first",
};

export const fateWords: Readonly<Record<Fate, string>> = {
  "protected-delete": "Protected, and to be deleted",
  "protected-replace": "Protected, and to be replaced",
  "data-delete": "Holds data, and is deleted",
  "data-replace": "Holds data, and is replaced",
  delete: "Deleted",
  "replace-delete-first": "Replaced, the old one goes first",
  replace: "Replaced",
  "replace-create-first": "Replaced, the new one first",
  "machine-removed": "Machines removed",
  "machine-replaced-delete-first": "Machines replaced, the old one goes first",
  "machine-replaced-create-first": "Machines replaced, the new one first",
  protected: "Protected, and changed otherwise",
};

/** `docker:Container` for `docker:index/container:Container`; nothing is dropped that isn't said twice. */
export function shortType(token: string): string {
  const [, pack, path, type] = /^([^:]+):([^:]+):([^:]+)$/.exec(token) ?? [];
  if (pack === undefined || path === undefined || type === undefined) return token;
  const file = type.charAt(0).toLowerCase() + type.slice(1);
  const module = path === "index" ? "" : path.endsWith(`/${file}`) ? path.slice(0, -file.length - 1) : path;
  return module === "" || module === "index" ? `${pack}:${type}` : `${pack}:${module}:${type}`;
}

export function causeText(causes: readonly Cause[]): string {
  return causes.map(({ text }) => text).join("; ");
}

/** All that is to be known of a step apart from its name: `replace, the old one goes first, holds data`. */
export function stepText(step: EngineStep): string {
  return [
    stepKinds[step.kind],
    ...(step.order === null ? [] : [orders[step.order]]),
    ...(step.protected ? ["protected"] : []),
    ...(step.holdsData ? ["holds data"] : []),
    ...(step.retained ? ["goes on existing"] : []),
    ...step.opens.map(opensText),
    ...(step.failed ? ["refused or failed"] : []),
  ].join(", ");
}

function opensText({ protocol, from, to }: OpenPorts): string {
  return `opens ${protocol} ${from === to ? from : `${from}–${to}`} to everybody`;
}

export function shown(value: Shown, longest: number): Span {
  if (value.kind === "value") return { code: shorten(value.text, longest) };
  return { hidden: "(hidden)", unknown: "(known afterwards)", absent: "(nothing)" }[value.kind];
}

/** Cuts a text at a number of characters, and says so by `…`. */
export function shorten(text: string, longest: number): string {
  const characters = text.length <= longest ? [] : [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}

/** A part of a whole, 0–1, in whole per cent. */
export function percent(part: number | null): string {
  if (part === null) return "–";
  const hundredths = 100 * part;
  return hundredths > 0 && hundredths < 1 ? "< 1 %" : `${Math.round(hundredths)} %`;
}

/** So many names are told one by one; more of them are `web-{1..3}`. */
const toldSingly = 4;

export function namesText(names: readonly string[]): Text {
  const told = names.length <= toldSingly ? [...names].sort() : [compact(names).join(" ")];
  return listed(told.map((name) => [{ code: name }]));
}

/** Joins with commas. */
export function listed(parts: readonly Text[], separator = ", "): Text {
  return parts.flatMap((part, index) => (index === 0 ? part : [separator, ...part]));
}

export function beforeAfter(before: string | null, after: string | null, longest: number): Text {
  const side = (value: string | null): Span =>
    value === null ? "(nothing)" : { code: shorten(value, longest) };
  return [side(before), " → ", side(after)];
}
