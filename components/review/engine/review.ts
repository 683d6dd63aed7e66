import type { Scene } from "./causes.ts";
import { type Change, changesOf, compare, renamesOf } from "./changes.ts";
import { holdsData } from "./data-holders.ts";
import { readTies, type TiesByUrn } from "./dependencies.ts";
import { driftIn } from "./drift.ts";
import type { Step } from "./events.ts";
import { opensOf } from "./opens.ts";
import { propertyChanges } from "./properties.ts";
import { readRecord } from "./record.ts";
import { refusedChanges } from "./refused.ts";
import { causesOf } from "./roots.ts";
import type { Cause, EngineInput, EngineReview, EngineStep, StepKind } from "./types.ts";
import { componentPath, nameOf, stackType } from "./urn.ts";

/**
 * What the engine would do, from a preview's events and the state that it began with: the same for the same steps, whatever
 * order the engine told of different resources in. Never throws: a stream that isn't whole is `incomplete`.
 */
export function reviewEngine({ events, state }: EngineInput): EngineReview {
  const record = readRecord(events);
  const renames = renamesOf(record.steps);
  const ties = readTies(state, renames);
  const changes = changesOf(record.steps, renames, record.result !== "incomplete");
  const causes = causesOf(changes, sceneOf(changes, ties));
  const parents = parentsOf(record.steps, ties, renames);
  const steps = [
    ...changes.map((change) => toStep(change, causes.get(change) ?? [], parents, record.failed)),
    ...refusedChanges(record, changes).map(({ change, causes }) => ({
      ...toStep(change, causes, parents, record.failed),
      protected: true,
      failed: true,
    })),
  ].sort((a, b) => compare(a.urn, b.urn) || compare(a.kind, b.kind));
  const { result, diagnostics, policies } = record;
  return { result, counts: countsOf(steps), steps, diagnostics, policies, drift: driftIn(record) };
}

function sceneOf(changes: readonly Change[], ties: TiesByUrn): Scene {
  const standing = changes.filter(({ leftOver }) => !leftOver);
  return {
    moving: new Map(
      standing
        .filter(({ kind }) => kind === "replace" || kind === "update")
        .map((change) => [change.urn, change]),
    ),
    ending: new Set(standing.filter(({ kind }) => kind === "delete").map(({ urn }) => urn)),
    destroys: standing.some(({ kind, type }) => kind === "delete" && type === stackType),
    ties,
  };
}

/** Who is in whom, after the run where that tells. */
function parentsOf(
  steps: readonly Step[],
  ties: TiesByUrn,
  renames: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const parents = new Map([...ties].map(([urn, { parent }]) => [urn, parent]));
  for (const { urn, old, new: made } of steps) {
    const parent = (made ?? old)?.parent;
    if (parent !== undefined && (made !== null || !parents.has(urn)))
      parents.set(urn, renames.get(parent) ?? parent);
  }
  return parents;
}

function toStep(
  change: Change,
  causes: readonly Cause[],
  parents: ReadonlyMap<string, string>,
  failed: ReadonlySet<string>,
): EngineStep {
  const { urn, type, kind, order, old, new: made } = change;
  return {
    urn,
    name: nameOf(urn),
    type,
    component: componentPath(urn, parents),
    kind,
    order,
    causes,
    properties: propertyChanges(change),
    protected: isProtected(change),
    holdsData: holdsData(type),
    // What happens to the old one is decided by what the state says of it, and one that is only read is never deleted.
    retained: ends(kind) && old !== null && (old.retainOnDelete || old.external),
    opens: opensOf(type, old?.inputs ?? null, made?.inputs ?? null),
    failed: failed.has(urn) || (old !== null && failed.has(old.urn)),
  };
}

const ends = (kind: StepKind): boolean => kind === "delete" || kind === "replace" || kind === "discard";

/** The engine refuses a deletion by the state's word, and a replacement only if the program says so still. */
function isProtected({ kind, old, new: made }: Change): boolean {
  if (kind === "replace" && made !== null) return made.protect && old?.protect === true;
  return (made ?? old)?.protect === true;
}

function countsOf(steps: readonly EngineStep[]): EngineReview["counts"] {
  const counts = { create: 0, update: 0, replace: 0, delete: 0, read: 0, import: 0, discard: 0, other: 0 };
  for (const { kind } of steps) counts[kind]++;
  return counts;
}
