import { own } from "../../model/own.ts";
import { isObject, type Values } from "./events.ts";

/*
 * Values as the engine writes them: plain JSON, with signatures in it for what isn't plain (pulumi/pulumi,
 * sdk/go/common/resource/sig/sig.go and sdk/go/common/resource/plugin/rpc.go).
 */

/** Stands for a value that only the real run will tell. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

export const isUnknown = (value: unknown): boolean => value === unknownValue;

export const isSecret = (value: unknown): boolean =>
  value === "[secret]" || (isObject(value) && value[signatureKey] === secretSignature);

/** Whether there is anything in a value that only the real run will tell. */
export function hasUnknown(value: unknown): boolean {
  return leaves(value).some((leaf) => typeof leaf === "string" && leaf.includes(unknownValue));
}

/** Everything in a value that isn't a list or an object. */
export function leaves(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(leaves);
  return isObject(value) && !isSecret(value) ? Object.values(value).flatMap(leaves) : [value];
}

export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((entry, at) => same(entry, b[at]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  );
}

/** Names of the properties that differ, sorted. */
export function changedNames(before: Values, after: Values): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !same(own(before, name), own(after, name))).sort();
}

export type PathPart = string | number;

/** Parts of a property path: `a.b[0]["c.d"]`. What can't be read as one is the name of a property as it stands. */
export function pathParts(path: string): readonly PathPart[] {
  const parts: PathPart[] = [];
  let rest = path;
  while (rest !== "") {
    const match = /^\.?([^.[\]"]+)|^\[(\d+)\]|^\.?\["((?:[^"\\]|\\.)*)"\]/.exec(rest);
    if (match === null) return [path];
    const [all, name, index, quoted] = match;
    parts.push(name ?? (index === undefined ? (quoted ?? "").replace(/\\(.)/g, "$1") : Number(index)));
    rest = rest.slice(all.length);
  }
  return parts;
}

/** The property that a path begins with. */
export const propertyOf = (path: string): string => String(pathParts(path)[0] ?? path);

/** Path of what is in a value, written as the engine does. */
export function joinPath(path: string, part: PathPart): string {
  if (typeof part === "number") return `${path}[${part}]`;
  if (!/^[^.[\]"]+$/.test(part)) return `${path}[${JSON.stringify(part)}]`;
  return path === "" ? part : `${path}.${part}`;
}

/** What stands at a path: undefined for nothing, the secret as a whole for what is inside of one. */
export function valueAt(values: Values, path: string): unknown {
  let at: unknown = values;
  for (const part of pathParts(path)) {
    if (isSecret(at) || isUnknown(at)) return at;
    if (Array.isArray(at) && typeof part === "number") at = at[part];
    else if (isObject(at) && Object.hasOwn(at, part)) at = at[part];
    else return undefined;
  }
  return at;
}
