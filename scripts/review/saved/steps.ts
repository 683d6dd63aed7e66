import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { hashOf, type SavedStep } from "./document.ts";

/** Steps that change nothing. */
const idle = new Set(["same", "read", "refresh"]);

/**
 * What a preview's events say will be done, by URN; the steps of one resource in the engine's order, since that tells whether the old
 * goes before the new comes. Secrets are hidden in events: that one is another shows in what is made of it, such as a node's
 * fingerprint.
 */
export function stepsOf(events: Iterable<EngineEvent>): SavedStep[] {
  const steps: SavedStep[] = [];
  for (const { resourcePreEvent: before } of events) {
    if (before === undefined || idle.has(before.metadata.op)) continue;
    const { urn, op, old, new: wanted } = before.metadata;
    steps.push({ urn, op, before: hashOfInputs(old), after: hashOfInputs(wanted) });
  }
  return steps.sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
}

function hashOfInputs(state: { inputs?: unknown } | undefined | null): string | null {
  return state ? hashOf(state.inputs ?? {}) : null;
}
