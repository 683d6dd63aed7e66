import { own } from "../../components/model/own.ts";
import type { Planned } from "./planning.ts";

/** Of many places the first few tell enough. */
const shown = 3;

/**
 * Places in a plan that another plan of the very same revision has other values at: the stack gives other data each time, by the
 * clock, at random, or by the machine. What is derived (fingerprints, rendered files) is left out where a value itself differs.
 */
export function unsteadyValues(first: Planned, second: Planned): string[] {
  if (first.kind !== "planned" || second.kind !== "planned") return [];
  const found = differences("", first.document.plan, second.document.plan);
  const paths = [...new Set(found.map((path) => path.replaceAll(/\[\d+\]/g, "[*]")))];
  const own = paths.filter((path) => !/fingerprint|revision|hash/i.test(path));
  return (own.length > 0 ? own : paths).slice(0, shown);
}

function differences(path: string, a: unknown, b: unknown): string[] {
  if (Object.is(a, b)) return [];
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return [path];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) =>
    differences(
      Array.isArray(a) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`,
      own(a as Record<string, unknown>, key),
      own(b as Record<string, unknown>, key),
    ),
  );
}
