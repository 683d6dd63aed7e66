import { inWords } from "../fields.ts";
import type { Known } from "../known.ts";
import type { FieldChange, MachineChange, Sentence } from "../types.ts";
import { firstOf } from "../words.ts";

/** A sentence of its parts; none where there is nothing to say. */
export function sentence(subject: string, parts: readonly string[]): Sentence[] {
  return parts.length === 0 ? [] : [{ subject, text: parts.join(", ") }];
}

/** Settings below a path, without it. */
export function below(settings: readonly FieldChange[], prefix: string): FieldChange[] {
  return settings.flatMap((change) =>
    change.path.startsWith(`${prefix}.`) ? [{ ...change, path: change.path.slice(prefix.length + 1) }] : [],
  );
}

/** Some fields in words, each by itself; the rest counted. */
export function fields(changes: readonly FieldChange[], most = 4): string {
  return firstOf(changes.map(inWords), most);
}

export function machinesWith(known: Known, role: MachineChange["role"], action: MachineChange["action"]) {
  return known.machines.filter((machine) => machine.role === role && machine.action === action);
}

/** Why machines are replaced: the fields of any of them, each once, or their files. */
export function why(machines: readonly MachineChange[]): string {
  const reasons = new Map(
    machines.flatMap(({ reasons }) => reasons.map((reason) => [inWords(reason), reason] as const)),
  );
  if (reasons.size > 0) return fields([...reasons.values()]);
  return firstOf([...new Set(machines.flatMap(({ files }) => files))], 4);
}
