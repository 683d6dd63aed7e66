import { own } from "../../model/own.ts";
import { hidden, maskField } from "../masks.ts";
import { type Change, compare } from "./changes.ts";
import { isObject, type ResourceState, type Values } from "./events.ts";
import type { PropertyChange, Shown } from "./types.ts";
import {
  changedNames,
  isSecret,
  isUnknown,
  joinPath,
  pathParts,
  propertyOf,
  same,
  valueAt,
} from "./values.ts";

/** What a path is looked up in. */
interface Sides {
  readonly before: Values;
  readonly after: Values;
}

/**
 * Properties that change, by path, masked. Taken from the engine where it compared; compared here where it didn't, since what
 * it replaces for another's sake or on request may change as well.
 */
export function propertyChanges(change: Change): PropertyChange[] {
  if (change.old === null || change.new === null) return [];
  const { old, new: made } = change;
  const keys = new Set(change.steps.flatMap((step) => step.keys).map(propertyOf));
  const paths = pathsOf(change);
  return [...paths]
    .sort(([a], [b]) => compare(a, b))
    .map(([path, { forces, input }]) => {
      const sides = input
        ? { before: old.inputs, after: made.inputs }
        : { before: old.outputs, after: { ...made.outputs, ...made.inputs } };
      return propertyChange(path, sides, {
        forces: forces ?? keys.has(propertyOf(path)),
        hides: hides(change, path),
      });
    });
}

interface Found {
  /** Whether it forces the replacement; undefined where only its property's key tells. */
  readonly forces?: boolean;
  readonly input: boolean;
}

function pathsOf(change: Change): ReadonlyMap<string, Found> {
  const { old, new: made } = change;
  const details = change.steps.flatMap(({ detail }) => [...(detail ?? [])]);
  const found = change.steps.flatMap(({ diffs }) => diffs ?? []);
  const names = found.length > 0 ? found : changedNames(old?.inputs ?? {}, made?.inputs ?? {});
  const paths: (readonly [string, Found])[] =
    details.length > 0
      ? details.map(([path, { kind, input }]) => [path, { forces: kind.endsWith("-replace"), input }])
      : names.map((name) => [name, { input: true }]);
  return new Map(
    paths
      .filter(([path]) => path !== "#initerror")
      .flatMap(([path, found]) =>
        deepPaths(path, valueAt(old?.inputs ?? {}, path), valueAt(made?.inputs ?? {}, path)).map((deep) => [
          deep,
          found,
        ]),
      ),
  );
}

/**
 * Paths of what differs between two values, as deep as both have the same shape; providers often name the property alone. Of
 * lists of different length nobody can tell which entry became which.
 */
function deepPaths(path: string, before: unknown, after: unknown): string[] {
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((entry, at) =>
      same(entry, after[at]) ? [] : deepPaths(joinPath(path, at), entry, after[at]),
    );
  if (isObject(before) && isObject(after) && !isSecret(before) && !isSecret(after) && !same(before, after))
    return changedNames(before, after).flatMap((name) =>
      deepPaths(joinPath(path, name), own(before, name), own(after, name)),
    );
  return [path];
}

function propertyChange(
  path: string,
  { before, after }: Sides,
  { forces, hides }: { readonly forces: boolean; readonly hides: boolean },
): PropertyChange {
  const [old, made] = [valueAt(before, path), valueAt(after, path)];
  // What is a secret on one side was none yet on the other, and may be the same.
  const hide =
    hides || isSecret(old) || isSecret(made) || [before, after].some((side) => isNamedSecret(side, path));
  return {
    path,
    kind: old === undefined ? "add" : made === undefined ? "delete" : "update",
    replaces: forces,
    before: shown(path, old, hide),
    after: shown(path, made, hide),
  };
}

/** The program's own wish that a path isn't shown holds for all below it. */
function hides({ old, new: made }: Change, path: string): boolean {
  const wishes = (state: ResourceState | null) => state?.hiddenPaths ?? [];
  return [...wishes(old), ...wishes(made)].some(
    (wish) => path === wish || path.startsWith(`${wish}.`) || path.startsWith(`${wish}[`),
  );
}

/** Whether a value belongs to a credential by the name beside it: `{ name: "DB_PASSWORD", value: "…" }`. */
function isNamedSecret(side: Values, path: string): boolean {
  const parts = pathParts(path);
  const last = parts.at(-1);
  if (parts.length < 2 || typeof last !== "string" || last.toLowerCase() !== "value") return false;
  const parent = parts.slice(0, -1).reduce<string>(joinPath, "");
  const beside = valueAt(side, parent);
  if (!isObject(beside) || isSecret(beside)) return false;
  return (JSON.parse(maskField(parent, beside)) as Values)[last] === hidden;
}

function shown(path: string, value: unknown, hide: boolean): Shown {
  if (value === undefined) return { kind: "absent" };
  if (hide) return { kind: "hidden" };
  if (isUnknown(value)) return { kind: "unknown" };
  const text = maskField(path, value);
  return text === hidden ? { kind: "hidden" } : { kind: "value", text };
}
