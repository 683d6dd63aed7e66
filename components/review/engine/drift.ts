import { type Change, compare } from "./changes.ts";
import type { Step } from "./events.ts";
import { propertyChanges } from "./properties.ts";
import { type Recorded, readRecord } from "./record.ts";
import type { DriftedResource } from "./types.ts";

/**
 * What runs but isn't as the state says, from the events of `pulumi refresh --preview-only --json` or of a preview with
 * `--refresh`; null when nothing was looked at, as after an error at the start. Sorted by URN.
 */
export function driftOf(events: Iterable<unknown>): readonly DriftedResource[] | null {
  return driftIn(readRecord(events));
}

export function driftIn({ refreshed }: Recorded): readonly DriftedResource[] | null {
  return refreshed?.flatMap(toDrift).sort((a, b) => compare(a.urn, b.urn)) ?? null;
}

function toDrift(step: Step): DriftedResource[] {
  if (step.new === null) return [{ urn: step.urn, kind: "gone", properties: [] }];
  const differs = (step.diffs?.length ?? 0) > 0 || (step.detail?.size ?? 0) > 0;
  return differs ? [{ urn: step.urn, kind: "changed", properties: propertyChanges(asUpdate(step)) }] : [];
}

function asUpdate(step: Step): Change {
  const { urn, type, old, new: found } = step;
  return { urn, type, kind: "update", order: null, old, new: found, steps: [step], leftOver: false };
}
