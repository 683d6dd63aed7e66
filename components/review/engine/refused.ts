import type { Change } from "./changes.ts";
import type { Recorded } from "./record.ts";
import type { Cause, EngineStep } from "./types.ts";
import { nameOf, typeOf } from "./urn.ts";

/**
 * The engine's words for a protected resource that would have to go with another (pulumi/pulumi,
 * pkg/resource/deploy/step_generator.go: continueStepsFromDiff). It stops there and then, without a step.
 */
const refusal =
  /unable to replace resource "([^"]+)" as part of replacing "([^"]+)" as it is currently marked for protection/;

/** A replacement that only an error tells of, with its cause. */
export interface Refused {
  readonly change: Change;
  readonly causes: readonly Cause[];
}

/**
 * Replacements that the engine refused before it told of any step of theirs: a protected resource hangs on one that is replaced. Without
 * them the very thing that stops the change would be missing among its steps.
 */
export function refusedChanges({ diagnostics }: Recorded, told: readonly Change[]): Refused[] {
  const known = new Set(told.map(({ urn }) => urn));
  const found = new Map<string, Refused>();
  for (const { severity, message } of diagnostics) {
    const [, urn, root] = (severity === "error" && refusal.exec(message)) || [];
    if (urn !== undefined && root !== undefined && !known.has(urn)) found.set(urn, refused(urn, root));
  }
  return [...found.values()];
}

function refused(urn: string, root: string): Refused {
  const order: EngineStep["order"] = "delete-first";
  const text = `${nameOf(urn)} is replaced because ${nameOf(root)} is replaced (the engine stopped at the protection and reported no more)`;
  return {
    change: {
      urn,
      type: typeOf(urn),
      kind: "replace",
      order,
      old: null,
      new: null,
      steps: [],
      leftOver: false,
    },
    causes: [{ kind: "cascade", from: root, properties: [], text }],
  };
}
