import { deletionReasons, type Reason, replacementReasons, type Scene, updateReasons } from "./causes.ts";
import { type Change, compare } from "./changes.ts";
import type { Cause } from "./types.ts";
import { sentence, sentenceOfRoot, type Trail } from "./words.ts";

/** Causes of every replacement and deletion, by its change. */
export function causesOf(changes: readonly Change[], scene: Scene): ReadonlyMap<Change, readonly Cause[]> {
  const reasons = new Map(changes.map((change) => [change, reasonsOf(change, scene)]));
  const graph = new Graph(reasons);
  return new Map([...reasons].map(([change, found]) => [change, toCauses(change, found, graph)]));
}

function reasonsOf(change: Change, scene: Scene): Reason[] {
  switch (change.kind) {
    case "replace":
      return replacementReasons(change, scene);
    case "delete":
    case "discard":
      return deletionReasons(change, scene);
    case "update":
      return updateReasons(change, scene);
    default:
      return [];
  }
}

/**
 * From every resource that has a reason of its own outwards to those that hang on it, the nearest first, so that each knows
 * its roots by the shortest way. Not by recursion: a chain may be longer than a stack is deep.
 */
class Graph {
  readonly roots = new Map<string, { readonly change: Change; readonly reasons: readonly Reason[] }>();
  readonly #trails = new Map<string, Map<string, Trail>>();
  readonly #dependents = new Map<string, string[]>();

  constructor(reasons: ReadonlyMap<Change, readonly Reason[]>) {
    for (const [change, found] of reasons) {
      const own = found.filter(({ because }) => because.length === 0);
      if (own.length > 0 && !change.leftOver) this.roots.set(change.urn, { change, reasons: own });
      for (const urn of new Set(found.flatMap(({ because }) => because))) {
        const known = this.#dependents.get(urn);
        if (known === undefined) this.#dependents.set(urn, [change.urn]);
        else known.push(change.urn);
      }
    }
    for (const root of [...this.roots.keys()].sort(compare)) this.#spread(root);
  }

  #spread(root: string): void {
    let edge: Trail[] = [{ urn: root, towards: null, length: 0 }];
    while (edge.length > 0) {
      const next: Trail[] = [];
      for (const trail of edge) {
        const known = this.trails(trail.urn);
        if (known.has(root)) continue;
        known.set(root, trail);
        for (const urn of [...(this.#dependents.get(trail.urn) ?? [])].sort(compare))
          next.push({ urn, towards: trail, length: trail.length + 1 });
      }
      edge = next;
    }
  }

  /** Ways from a resource to its roots, by the root's URN; one without steps where it is a root itself. */
  trails(urn: string): Map<string, Trail> {
    const known = this.#trails.get(urn) ?? new Map<string, Trail>();
    this.#trails.set(urn, known);
    return known;
  }
}

function toCauses(change: Change, reasons: readonly Reason[], graph: Graph): Cause[] {
  if (change.kind === "update" && !reasons.some(({ kind }) => kind === "init-error")) return [];
  return reasons.flatMap((reason) => {
    const fromOthers = causesFrom(change, reason, graph);
    // Those that hang on each other in a circle have no root.
    return fromOthers.length > 0 ? fromOthers : [ownCause(change, reason)];
  });
}

function ownCause(change: Change, reason: Reason): Cause {
  return {
    kind: reason.kind,
    from: null,
    properties: reason.properties,
    text: sentence(change, reason),
  };
}

/** One for each root that a reason leads to, the nearest first. */
function causesFrom(change: Change, reason: Reason, graph: Graph): Cause[] {
  const nearest = new Map<string, Trail>();
  for (const urn of reason.because)
    for (const [root, trail] of graph.trails(urn))
      if (trail.length < (nearest.get(root)?.length ?? Number.POSITIVE_INFINITY)) nearest.set(root, trail);
  return [...nearest]
    .sort(([a, { length }], [b, { length: other }]) => length - other || compare(a, b))
    .flatMap(([urn, trail]) => {
      const root = graph.roots.get(urn);
      if (root === undefined || urn === change.urn) return [];
      const properties = [...new Set(root.reasons.flatMap(({ properties }) => properties))].sort(compare);
      return [
        { kind: reason.kind, from: urn, properties, text: sentenceOfRoot(change, reason, root, trail) },
      ];
    });
}
