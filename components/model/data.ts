import type { Problem } from "./problem.ts";
import { formatPath } from "./shape.ts";

/*
 * A stack is data, but whoever writes one writes JavaScript: a value can refer to itself, throw when it is read, or be a Date or a
 * Map, which look like empty objects. Such are found here, each with its path, before anybody looks for a shape.
 */

/** Deeper than any stack: an object that makes new ones whenever it is read has no end. */
const deepest = 64;

/** A copy that is data and nothing else, and what had to be left out of it. */
export interface PlainData {
  readonly data: unknown;
  readonly problems: readonly Problem[];
}

/** The data in a value. Reads each property once, and never throws. */
export function plainData(value: unknown): PlainData {
  const problems: Problem[] = [];
  const data = copied(value, { path: [], around: [], problems });
  return { data, problems };
}

interface Place {
  readonly path: readonly PropertyKey[];
  /** The objects that it is in. */
  readonly around: readonly object[];
  readonly problems: Problem[];
}

function copied(value: unknown, place: Place): unknown {
  if (typeof value === "bigint") return refused(place, `${value}n is a BigInt`, "give a number");
  if (typeof value === "symbol") return refused(place, "a symbol is no data", "give a text");
  // A function is left to the shape, which says what belongs there.
  if (typeof value !== "object" || value === null) return value;
  if (place.around.includes(value))
    return refused(place, "it contains itself", "write down what is meant, without the circle");
  if (place.path.length > deepest)
    return refused(place, `it is more than ${deepest} levels deep`, "a stack is flat: look for a circle");
  try {
    const within = { ...place, around: [...place.around, value] };
    return Array.isArray(value) ? copiedList(value, within) : copiedObject(value, within);
  } catch (error) {
    return refused(place, `it can't be read: ${reasonOf(error)}`, "write the value itself");
  }
}

function copiedList(list: readonly unknown[], place: Place): unknown {
  if (Object.keys(list).length < list.length)
    return refused(place, "the list has holes", "remove them, or fill them in");
  return list.map((_, index) => copiedField(list, index, place));
}

function copiedObject(value: object, place: Place): unknown {
  if (!isPlain(value)) return refused(place, `${nameOf(value)} is not plain data`, "write { … } or a text");
  const copy: Record<string, unknown> = {};
  for (const key of Reflect.ownKeys(value)) {
    const at = { ...place, path: [...place.path, key] };
    if (typeof key === "symbol") refused(at, "a symbol is no name", "use a text as its name");
    // It would vanish from every copy, and what it says with it.
    else if (key === "__proto__")
      refused(at, '"__proto__" is a name that JavaScript keeps for itself', "rename it", "shape.wrong-name");
    else if (Object.prototype.propertyIsEnumerable.call(value, key))
      copy[key] = copiedField(value, key, place);
  }
  return copy;
}

function copiedField(of: object, key: string | number, place: Place): unknown {
  const at = { ...place, path: [...place.path, key] };
  try {
    return copied(Reflect.get(of, key), at);
  } catch (error) {
    return refused(at, `it can't be read: ${reasonOf(error)}`, "write the value itself");
  }
}

/** Objects as they are written and parsed; not those of a class, nor with a `__proto__` that is another object. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return (
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf"))
  );
}

function nameOf(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" && name !== "Object"
    ? `an object of ${name}`
    : "an object with another one as its prototype";
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : "it throws";
}

function refused(
  { path, problems }: Place,
  message: string,
  hint: string,
  code: "shape.not-data" | "shape.wrong-name" = "shape.not-data",
): undefined {
  problems.push({ code, path: formatPath(path), message, hint });
}
