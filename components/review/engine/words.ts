import type { Reason } from "./causes.ts";
import { type Change, hasOp } from "./changes.ts";
import { nameOf } from "./urn.ts";

/* Causes as sentences. */

/** The way from a resource to the root that it is replaced for; null where it has arrived. */
export interface Trail {
  readonly urn: string;
  readonly towards: Trail | null;
  /** Steps to the root. */
  readonly length: number;
}

/** How many names a way shows before it only counts. */
const shownOnWay = 4;

const verbs: Readonly<Record<string, string>> = {
  replace: "is replaced",
  update: "changes",
  delete: "is deleted",
};

const verb = ({ kind }: Change): string => verbs[kind] ?? "is dropped";

/** Of a resource with a reason of its own. */
export function sentence(change: Change, reason: Reason): string {
  if (reason.kind === "unknown") return `${nameOf(change.urn)} ${verb(change)}; ${phrase(change, reason)}`;
  return `${nameOf(change.urn)} ${verb(change)} because ${phrase(change, reason)}`;
}

/** Of a resource that goes with another, its root. */
export function sentenceOfRoot(
  change: Change,
  reason: Reason,
  root: { readonly change: Change; readonly reasons: readonly Reason[] },
  trail: Trail,
): string {
  const why = root.reasons.map((own) => phrase(root.change, own)).join(", ");
  const ties: Readonly<Record<string, string>> = {
    "replace-with": "the program ties it to",
    "deleted-with": "it goes with",
    provider: "its provider is",
  };
  const next = nameOf(trail.urn);
  const tie = ties[reason.kind];
  const start = `${nameOf(change.urn)} ${verb(change)} because`;
  const end = `${nameOf(root.change.urn)} ${verb(root.change)} (${why})${way(trail, tie === undefined)}`;
  return tie === undefined ? `${start} ${end}` : `${start} ${tie} ${next}: ${end}`;
}

/** Names between a resource and its root. */
function way(trail: Trail, withNext: boolean): string {
  const names: string[] = [];
  let at: Trail | null = withNext ? trail : trail.towards;
  for (; at?.towards != null && names.length < shownOnWay; at = at.towards) names.push(nameOf(at.urn));
  const left = at === null ? 0 : at.length;
  if (names.length === 0) return "";
  return `, by way of ${names.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}

function phrase(change: Change, { kind, properties }: Reason): string {
  switch (kind) {
    case "property":
      if (properties.length === 0) return "in something that the engine doesn't name";
      return change.kind === "replace"
        ? `a change of its ${list(properties)} can't be made in place`
        : `its ${list(properties)}`;
    case "cascade":
      return properties.length > 0
        ? `its ${list(properties)} ${properties.length > 1 ? "come" : "comes"} from a resource that is deleted first`
        : "a resource that it hangs on is deleted first";
    case "requested":
      if (change.kind === "delete") return "the whole stack is";
      return change.old?.taint ? "it is marked as tainted (pulumi state taint)" : "--replace asks for it";
    case "trigger":
      return "its replacementTrigger changes";
    case "replace-with":
      return "the program ties it to another that is replaced";
    case "deleted-with":
      return "it goes with another that is deleted";
    case "provider":
      return "its provider is another one";
    case "init-error":
      return "it was made and never became well";
    case "identity":
      return identity(change);
    case "interrupted":
      return "an earlier run ended in the middle of its replacement";
    case "gone":
      return "the program doesn't have it any more";
    case "unknown":
      return change.new === null
        ? "the engine's output ends before it tells why"
        : "the engine doesn't tell why";
  }
}

function identity(change: Change): string {
  if (hasOp(change, "import-replacement")) return "another one is imported in its place";
  return hasOp(change, "read-replacement")
    ? "the stack only reads it from now on"
    : "the stack only read it so far and makes one of its own";
}

function list(names: readonly string[]): string {
  const [last, ...others] = [...names].reverse();
  return others.length === 0 ? (last ?? "") : `${others.reverse().join(", ")} and ${last}`;
}
