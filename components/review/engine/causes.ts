import { type Change, changedProperties, compare, hasOp, makes } from "./changes.ts";
import { providerUrn, type Ties, type TiesByUrn } from "./dependencies.ts";
import type { Cause } from "./types.ts";
import { changedNames, hasUnknown, leaves, propertyOf } from "./values.ts";

/*
 * Why a resource is replaced or deleted, as far as itself and the next one go; roots.ts follows that to the root. The rules are
 * those of the engine's step generator (pulumi/pulumi, pkg/resource/deploy/step_generator.go: diff, continueStepsFromDiff,
 * calculateDependentReplacements, findDependentCascadeReplacements).
 */

/** A reason of a resource: its own, where `because` is empty, else that of others. */
export interface Reason {
  readonly kind: Cause["kind"];
  /** Properties of the resource itself. */
  readonly properties: readonly string[];
  /** URNs of the next ones that it hangs on. */
  readonly because: readonly string[];
}

/** All that reasons are found by. */
export interface Scene {
  /** Replaced and updated ones by URN: they may carry others with them. */
  readonly moving: ReadonlyMap<string, Change>;
  /** URNs of what is deleted and not made again. */
  readonly ending: ReadonlySet<string>;
  /** Whether the stack itself is deleted, and so everything. */
  readonly destroys: boolean;
  readonly ties: TiesByUrn;
}

const noTies: Ties = {
  parent: "",
  provider: "",
  properties: new Map(),
  deletedWith: "",
  replaceWith: [],
  pendingReplacement: false,
};

const own = (kind: Cause["kind"], properties: readonly string[] = []): Reason => ({
  kind,
  properties,
  because: [],
});

/** Why a resource is replaced; never empty. */
export function replacementReasons(change: Change, scene: Scene): Reason[] {
  const ties = scene.ties.get(change.urn) ?? noTies;
  if (hasOp(change, "import-replacement") || hasOp(change, "read-replacement") || change.old?.external)
    return [own("identity")];
  const found = wasCompared(change) ? compared(change, scene) : uncompared(change, scene, ties);
  return ties.pendingReplacement ? [own("interrupted"), ...found] : found;
}

/** Why a resource is deleted; never empty. */
export function deletionReasons(change: Change, { ending, destroys, ties }: Scene): Reason[] {
  if (change.leftOver) return [own("interrupted")];
  if (destroys) return [own("requested")];
  const owner = ties.get(change.urn)?.deletedWith ?? "";
  return ending.has(owner) ? [{ ...own("deleted-with"), because: [owner] }] : [own("gone")];
}

/** Whether the engine asked the provider what differs; for many reasons it replaces without. */
const wasCompared = ({ steps }: Change): boolean =>
  steps.some(({ diffs, detail }) => diffs !== null || detail !== null);

/** What forces the replacement: properties, or one of the engine's reserved words for the rest. */
const keysOf = (change: Change): string[] =>
  [...new Set(change.steps.flatMap(({ keys }) => keys))].sort(compare);

/** By the properties that the engine found to differ; those of a pending replacement may be none. */
function compared(change: Change, scene: Scene): Reason[] {
  const keys = keysOf(change);
  const properties = keys.filter((key) => key !== "#initerror");
  const unhealthy = properties.length < keys.length ? [own("init-error")] : [];
  const reasons = [...unhealthy, ...propertyReasons(change, properties, scene)];
  if (reasons.length > 0 || scene.ties.get(change.urn)?.pendingReplacement) return reasons;
  return [own("trigger")];
}

/** By the engine's reserved words. */
function uncompared(change: Change, scene: Scene, ties: Ties): Reason[] {
  const keys = keysOf(change);
  if (!change.steps.some(makes)) return [cutShort(scene, ties)];
  if (keys.length === 0) return [unnamed(change, scene, ties)];
  // Deleted because another is that it hangs on, and made again later: only then the making alone bears keys.
  if (!change.steps.some(({ op, keys }) => op === "replace" && keys.length > 0))
    return [cascade(keys, scene, ties)];
  switch (keys.join()) {
    case "id":
      return [own("requested")];
    case "replaceWith":
      return [{ ...own("replace-with"), because: tiedTo(ties.replaceWith, change, scene) }];
    case "deletedWith":
      return [{ ...own("deleted-with"), because: tiedTo([ties.deletedWith], change, scene) }];
    case "provider":
      return [{ ...own("provider"), because: replaced([providerUrn(change.new?.provider ?? "")], scene) }];
    default:
      return [own("property", keys)];
  }
}

function cascade(keys: readonly string[], scene: Scene, ties: Ties): Reason {
  const sources = keys.flatMap((key) => ties.properties.get(propertyOf(key)) ?? []);
  return { kind: "cascade", properties: keys, because: replaced(sources, scene) };
}

/** The engine ended before it told of the making, which bears the keys: the deletion alone tells that something else goes too. */
function cutShort(scene: Scene, ties: Ties): Reason {
  const carried = [...ties.properties].filter(([, urns]) => replaced(urns, scene).length > 0);
  return carried.length > 0
    ? cascade(carried.map(([name]) => name).sort(compare), scene, ties)
    : own("unknown");
}

/** Without any key: carried along by an option, which then deletes it first, or its trigger has changed. */
function unnamed(change: Change, scene: Scene, ties: Ties): Reason {
  if (change.order === "create-first") return own("trigger");
  const carriers = {
    provider: replaced([ties.provider], scene),
    "deleted-with": replaced([ties.deletedWith], scene),
    "replace-with": replaced(ties.replaceWith, scene),
  } as const;
  for (const kind of ["provider", "deleted-with", "replace-with"] as const)
    if (carriers[kind].length > 0) return { ...own(kind), because: carriers[kind] };
  return own(scene.ties.has(change.urn) ? "trigger" : "unknown");
}

/** Of properties that differ: which are the resource's own, and which differ because others do. */
function propertyReasons(change: Change, paths: readonly string[], scene: Scene): Reason[] {
  const ties = scene.ties.get(change.urn) ?? noTies;
  const sources = new Map(
    paths.map((path) => {
      const name = propertyOf(path);
      const urns = (ties.properties.get(name) ?? []).filter((urn) =>
        carries(scene.moving.get(urn), change, name),
      );
      return [path, urns];
    }),
  );
  const owned = paths.filter((path) => sources.get(path)?.length === 0);
  const others = paths.filter((path) => !owned.includes(path));
  const because = [...new Set([...sources.values()].flat())].sort(compare);
  return [
    ...(owned.length > 0 ? [own("property", owned)] : []),
    ...(others.length > 0 ? [{ kind: "cascade", properties: others, because } as const] : []),
  ];
}

/**
 * Whether a resource's new value comes from the change of another: it isn't known before that has happened, or it is what the
 * other one changes to.
 */
function carries(source: Change | undefined, change: Change, property: string): boolean {
  if (source === undefined) return false;
  const value = change.new?.inputs[property];
  if (hasUnknown(value)) return true;
  const before = new Set(leaves(change.old?.inputs[property]));
  const given = new Set(leavesThatChange(source));
  return leaves(value).some((leaf) => !before.has(leaf) && given.has(leaf));
}

function leavesThatChange({ old, new: made }: Change): unknown[] {
  if (old === null || made === null) return [];
  const after: Readonly<Record<string, unknown>> = { ...made.inputs, ...made.outputs };
  const changed = new Set(changedNames({ ...old.inputs, ...old.outputs }, after));
  return Object.entries(after).flatMap(([name, value]) => (changed.has(name) ? leaves(value) : []));
}

/**
 * Those that a resource is tied to and that are replaced. A tie that is new in this run isn't in the state yet; it leads to one
 * that is replaced, so where there is but one other such, to that.
 */
function tiedTo(urns: readonly string[], { urn }: Change, scene: Scene): string[] {
  const known = replaced(urns, scene);
  if (known.length > 0) return known;
  const others: string[] = [];
  for (const other of scene.moving.values()) {
    if (other.kind === "replace" && other.urn !== urn) others.push(other.urn);
    if (others.length > 1) return [];
  }
  return others;
}

function replaced(urns: readonly string[], { moving }: Scene): string[] {
  return [...new Set(urns)].filter((urn) => moving.get(urn)?.kind === "replace").sort(compare);
}

/** Why a resource changes in place, so that those that hang on it can be told of. */
export function updateReasons(change: Change, scene: Scene): Reason[] {
  const properties = changedProperties(change);
  if (properties.length === 0 && change.old?.unhealthy) return [own("init-error")];
  return properties.length > 0 ? propertyReasons(change, properties, scene) : [own("property")];
}
