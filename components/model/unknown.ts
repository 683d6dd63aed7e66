import type { Problem } from "./problem.ts";
import { formatPath } from "./shape.ts";

/** Thrown when a rule looks at a field whose shape is wrong: whatever it then says could be untrue. */
class UnknownValue extends Error {}

/** What a check finds; nothing when it looks at a field whose shape is wrong. */
export function aboutKnownFields(check: () => Problem[]): Problem[] {
  try {
    return check();
  } catch (error) {
    if (error instanceof UnknownValue) return [];
    throw error;
  }
}

/** The same data, except that values at or below one of the `wrong` paths can't be looked at. */
export function withUnknowns<T extends object>(data: T, wrong: ReadonlySet<string>): T {
  return guarded(data, [], wrong, false);
}

function guarded<T extends object>(
  data: T,
  path: readonly PropertyKey[],
  wrong: ReadonlySet<string>,
  unknown: boolean,
): T {
  return new Proxy(data, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      const step = Array.isArray(target) && /^\d+$/.test(String(key)) ? Number(key) : key;
      const at = [...path, step];
      const isUnknown = typeof key === "string" && (unknown || wrong.has(formatPath(at)));
      if (typeof value === "object" && value !== null) return guarded(value, at, wrong, isUnknown);
      if (isUnknown) throw new UnknownValue();
      return value;
    },
    ownKeys(target) {
      if (unknown) throw new UnknownValue();
      return Reflect.ownKeys(target);
    },
    getOwnPropertyDescriptor(target, key) {
      if (!Object.hasOwn(target, key) && wrong.has(formatPath([...path, key]))) throw new UnknownValue();
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
}
