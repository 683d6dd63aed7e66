import type { ResourceState, Step } from "./events.ts";
import type { EngineStep, StepKind } from "./types.ts";
import { changedNames, propertyOf } from "./values.ts";

/*
 * The engine tells of a replacement in several steps, and of different resources in an order that differs from run to run.
 * So steps are put together by resource: within one the order has a meaning, between them none.
 */

/** All that the engine does with one resource, as one change. */
export interface Change {
  /** As it is after the run, where an alias renames it. */
  readonly urn: string;
  readonly type: string;
  readonly kind: StepKind;
  readonly order: EngineStep["order"];
  readonly old: ResourceState | null;
  readonly new: ResourceState | null;
  /** Its steps, in the engine's order. */
  readonly steps: readonly Step[];
  /** A copy that an earlier run has replaced and not deleted any more. */
  readonly leftOver: boolean;
}

const kinds: Readonly<Record<string, StepKind>> = {
  create: "create",
  update: "update",
  delete: "delete",
  "delete-replaced": "delete",
  read: "read",
  import: "import",
  discard: "discard",
  "discard-replaced": "discard",
  "remove-pending-replace": "discard",
};

/** They change nothing: a refresh tells of its findings afterwards, by other steps. */
const still: ReadonlySet<string> = new Set(["same", "refresh"]);

const makings: ReadonlySet<string> = new Set([
  "create-replacement",
  "import-replacement",
  "read-replacement",
]);

/** Whether a step makes the new one of a replacement. */
export const makes = ({ op }: Step): boolean => makings.has(op);

export const hasOp = ({ steps }: Change, op: string): boolean => steps.some((step) => step.op === op);

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** URN after the run by URN before, of all that an alias renames. */
export function renamesOf(steps: readonly Step[]): ReadonlyMap<string, string> {
  return new Map(
    steps
      .filter((step) => step.old !== null && step.new !== null && step.old.urn !== step.new.urn)
      .map((step) => [step.old?.urn ?? "", step.new?.urn ?? ""]),
  );
}

/**
 * The changes that steps add up to, sorted by URN and kind.
 *
 * @param whole whether all steps are there; else what is deleted first may be made again in those that are missing
 */
export function changesOf(
  steps: readonly Step[],
  renames: ReadonlyMap<string, string>,
  whole: boolean,
): Change[] {
  const moved = steps.filter(({ op }) => !still.has(op));
  // A renamed resource is deleted by its old name and made by its new one.
  return [...Map.groupBy(moved, ({ urn }) => renames.get(urn) ?? urn)]
    .flatMap(([urn, own]) => changesOfOne(urn, own, whole))
    .sort(
      (a, b) => compare(a.urn, b.urn) || compare(a.kind, b.kind) || compare(a.old?.id ?? "", b.old?.id ?? ""),
    );
}

/** A replacement is one change; every other copy of the resource that ends is one of its own. */
function changesOfOne(urn: string, steps: readonly Step[], whole: boolean): Change[] {
  const made = steps.find(makes) ?? steps.find(({ op }) => op === "replace");
  if (made === undefined) return steps.map((step) => single(urn, step, whole));
  // An import that replaces says only in its `replace` what it replaces.
  const old = steps.find(({ op }) => op === "replace")?.old ?? made.old;
  const own = steps.filter((step) => makes(step) || step.op === "replace" || step.old?.id === old?.id);
  const others = steps.filter((step) => !own.includes(step));
  return [replacement(urn, own, { ...made, old }), ...others.map((step) => single(urn, step, whole))];
}

function single(urn: string, step: Step, whole: boolean): Change {
  const leftOver =
    step.op === "remove-pending-replace" || (step.op.endsWith("-replaced") && step.old?.condemned === true);
  if (step.op === "delete-replaced" && !leftOver && !whole) return replacement(urn, [step], step);
  const { type, old, new: made } = step;
  return { urn, type, kind: kinds[step.op] ?? "other", order: null, old, new: made, steps: [step], leftOver };
}

/**
 * Where the new one is made first the engine tells of the making before it tells of the replacement as such, else after it. A
 * stream that ends before either has told of a deletion that comes first.
 */
function replacement(urn: string, steps: readonly Step[], { type, old, new: made }: Step): Change {
  const first = steps.find((step) => makes(step) || step.op === "replace");
  const order = first !== undefined && makes(first) ? "create-first" : "delete-first";
  return { urn, type, kind: "replace", order, old, new: made, steps, leftOver: false };
}

/** Properties that change, by name: as the engine found, or compared here where it didn't. */
export function changedProperties(change: Change): readonly string[] {
  const found = change.steps.flatMap(({ diffs, detail }) => [...(diffs ?? []), ...(detail?.keys() ?? [])]);
  if (found.length > 0) return [...new Set(found.map(propertyOf))].sort(compare);
  return change.old === null || change.new === null ? [] : changedNames(change.old.inputs, change.new.inputs);
}
