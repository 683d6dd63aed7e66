import type { Fields } from "./types.ts";

/** The values at a path; `*` stands for each element of a list. What isn't there gives none. */
export function valuesAt(fields: unknown, path: string): unknown[] {
  return path.split(".").reduce<unknown[]>(
    (values, key) =>
      values.flatMap((value) => {
        if (key === "*") return Array.isArray(value) ? value : [];
        const inner = typeof value === "object" && value !== null ? (value as Fields)[key] : undefined;
        return inner === undefined || inner === null ? [] : [inner];
      }),
    [fields],
  );
}

/** Paths at which two sets of inputs differ: of objects each field, of lists the whole; sorted. */
export function changedPaths(before: Fields, after: Fields, sets: readonly string[]): string[] {
  const differing = (old: Fields, now: Fields, prefix: string): string[] =>
    [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key) => {
      const [a, b, path] = [old[key], now[key], `${prefix}${key}`];
      if (isObject(a) && isObject(b)) return differing(a, b, `${path}.`);
      return comparable(a, sets.includes(path)) === comparable(b, sets.includes(path)) ? [] : [path];
    });
  return differing(before, after, "").sort();
}

/** Whether a change at a path is one of a property that is named, or of something inside it. */
export const isWithin = (path: string, property: string): boolean =>
  path === property || path.startsWith(`${property}.`);

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A text that is the same for what is the same, whatever the order of fields, and of a set's elements. */
export function comparable(value: unknown, isSet = false): string {
  if (Array.isArray(value)) {
    const texts = value.map((element) => comparable(element));
    return `[${(isSet ? texts.sort() : texts).join()}]`;
  }
  if (!isObject(value)) return JSON.stringify(value) ?? "absent";
  const fields = Object.keys(value).sort();
  return `{${fields.map((key) => `${JSON.stringify(key)}:${comparable(value[key])}`).join()}}`;
}
