import { own } from "../../model/own.ts";
import { formatDuration, formatSize } from "../../model/units.ts";
import { maskField } from "../masks.ts";
import type { FieldChange } from "./types.ts";

/*
 * Fields of plans that differ, with their values in words. Everything that is shown of a value passes here, and so the masks.
 */

/** Fields in milliseconds and in bytes, by the last part of their path. */
const durations = new Set(
  "interval timeout startup connectTimeout readTimeout retryFor advertise stopGrace patience step drain coldAfter calm after unhealthyAfter backoff".split(
    " ",
  ),
);
const sizes = new Set(["memory", "bodyLimit", "shm"]);

/**
 * What differs between two values, field by field, sorted by path. Lists are one field each, and so are choices (`kind`),
 * references to secrets and rate limits: their parts say little alone.
 */
export function fieldChanges(path: string, before: unknown, after: unknown): FieldChange[] {
  if (isGroup(before) || isGroup(after)) {
    const [left, right] = [groupOf(before), groupOf(after)];
    // A choice that takes the place of a group, or the other way round, is shown as a whole.
    if (left !== null && right !== null) {
      const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
      return names.flatMap((name) => fieldChanges(`${path}.${name}`, own(left, name), own(right, name)));
    }
  }
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return [];
  return [{ path, before: shown(path, before), after: shown(path, after) }];
}

/** The changes of some fields of two things, under the path of both. */
export function fieldsOf(
  path: string,
  names: readonly string[],
  before: object | null,
  after: object | null,
): FieldChange[] {
  const of = (thing: object | null, name: string) => own((thing ?? {}) as Record<string, unknown>, name);
  return names.flatMap((name) =>
    fieldChanges(path === "" ? name : `${path}.${name}`, of(before, name), of(after, name)),
  );
}

/** `path before → after`, as a sentence says it; without its value where it says nothing to people or is long. */
export function inWords({ path, before, after }: FieldChange): string {
  if (path === "fingerprint") return "the kit makes something else of a node";
  if (/(^|\.)environment\./.test(path)) return path;
  const [left, right] = [before ?? "none", after ?? "none"];
  return left.length + right.length > 120 ? path : `${path} ${left} → ${right}`;
}

type Group = Readonly<Record<string, unknown>>;

function isGroup(value: unknown): value is Group {
  return isObject(value) && !("kind" in value) && !("secret" in value) && !("perSecond" in value);
}

/** Nothing counts as an empty group; null for what is a value by itself. */
function groupOf(value: unknown): Group | null {
  if (value === undefined || value === null) return {};
  return isGroup(value) ? value : null;
}

function isObject(value: unknown): value is Group {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value in words, masked; null for none. */
function shown(path: string, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const name = path.startsWith("tmpfs.") ? "memory" : (path.split(".").at(-1) ?? "");
  const text = words(name, value);
  // Which secret is meant is none, whatever the field is called.
  return isObject(value) && "secret" in value ? text : maskField(path, text);
}

function words(name: string, value: unknown): string {
  if (typeof value === "number" && durations.has(name)) return formatDuration(value);
  if (typeof value === "number" && sizes.has(name)) return formatSize(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value))
    // Masked one by one: between others nobody could tell where a value ends.
    return value.length === 0 ? "none" : value.map((one) => shown(name, one) ?? "none").join(", ");
  if (!isObject(value)) return String(value);
  if (typeof value.secret === "string") return `the secret "${value.secret}"`;
  if ("perSecond" in value) return `${value.perSecond} a second, ${value.burst} more at once`;
  const { kind, ...rest } = value;
  const details = Object.entries(rest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${key} ${shown(key, one) ?? "none"}`);
  if (kind === undefined) return details.join("; ");
  return details.length === 0 ? String(kind) : `${kind} (${details.join("; ")})`;
}
