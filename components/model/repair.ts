import type { z } from "zod";
import { anyPlatform } from "./platforms/schema.ts";
import { stackSchema } from "./schema/stack.ts";
import { formatPath } from "./shape.ts";
import type { ParsedStack } from "./spec.ts";

/*
 * The rest of a stack in which something is wrong, so that the rules can look at what is right: a person who mistyped one
 * field hears of everything else in the same round.
 */

/** A spec with defaults and stand-ins where the stack is wrong, and the paths of those. */
export interface RepairedStack {
  readonly spec: ParsedStack;
  readonly wrong: ReadonlySet<string>;
}

type Path = readonly PropertyKey[];

/** Stand-ins for what has no default. Nobody sees them: rules that look there are not heard. */
const standIns: readonly (readonly [place: RegExp, value: unknown])[] = [
  [/^name$/, "x"],
  [/^environment$/, "development"],
  [/^platform$/, anyPlatform],
  [/^pools$/, {}],
  [/^pools\.[a-z0-9-]+$/, { active: 1 }],
  [/^pools\.[^.]+\.active$/, 1],
  [/^routes\[\d+\]$/, { path: "/", pool: "" }],
  [/^routes\[\d+\]\.path$/, "/"],
  [/^routes\[\d+\]\.pool$/, ""],
  [/^acknowledge\[\d+\]$/, { code: "", reason: "none given" }],
  [/^acknowledge\[\d+\]\.code$/, ""],
  [/^acknowledge\[\d+\]\.reason$/, "none given"],
];

/** Takes out what is wrong, again and again with what then lacks a part, until the rest is right. Null when nothing is. */
export function repairStack(stack: unknown, error: z.ZodError): RepairedStack | null {
  const wrong = new Set<string>();
  let rest = stack;
  let issues = error.issues;
  for (;;) {
    const known = wrong.size;
    for (const issue of issues) {
      for (const path of placesOf(issue)) {
        if (isBelow(path, wrong)) continue;
        const place = repairable(rest, path);
        if (place.length === 0) return null;
        wrong.add(formatPath(place));
        // A name that is wrong stays wrong whatever it stands for.
        rest = replaced(rest, place, issue.code === "invalid_key" ? undefined : standInOf(place));
      }
    }
    if (wrong.size === known) return null;
    const parsed = stackSchema.safeParse(rest);
    if (parsed.success) return { spec: parsed.data, wrong };
    issues = parsed.error.issues;
  }
}

function placesOf(issue: z.core.$ZodIssue): Path[] {
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
}

/** Whether something around the path has been taken out already. */
function isBelow(path: Path, wrong: ReadonlySet<string>): boolean {
  return path.some((_, length) => length > 0 && wrong.has(formatPath(path.slice(0, length))));
}

/** The place itself, or the nearest one around it that has a stand-in or is there to be left out. */
function repairable(root: unknown, path: Path): Path {
  if (path.length === 0 || standInOf(path) !== undefined) return path;
  const parent = path.slice(0, -1);
  const around = parent.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown>)[step], root);
  const there = !Array.isArray(around) && Object.hasOwn(around as object, path.at(-1) ?? "");
  return there ? path : repairable(root, parent);
}

function standInOf(path: Path): unknown {
  const place = formatPath(path);
  return standIns.find(([pattern]) => pattern.test(place))?.[1];
}

/** A copy with another value at a path, or without it where the value is undefined. */
function replaced(value: unknown, [step, ...rest]: Path, replacement: unknown): unknown {
  if (step === undefined) return replacement;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<PropertyKey, unknown>;
  const inner = replaced(copy[step], rest, replacement);
  if (inner === undefined) delete copy[step];
  else copy[step] = inner;
  return copy;
}
