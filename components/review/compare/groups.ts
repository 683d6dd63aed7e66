import type { GroupPlan } from "../../plan/group-types.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import { fieldsOf } from "./fields.ts";
import { paired } from "./sides.ts";
import type { FieldChange, MachineChange, Sides } from "./types.ts";

/** Who it is and what follows from the rest. */
const notCompared = new Set(["key", "role", "pool", "fingerprint"]);

/**
 * Groups that differ, in the plan's order. A group whose fingerprint is another gets other machines, a few at a time, the new
 * ones first; any other change reaches the group and leaves its machines alone.
 */
export function groupChanges({ before, after }: Sides<ClusterPlan>): MachineChange[] {
  return paired(before?.groups ?? [], after?.groups ?? [], ({ key }) => key).flatMap(
    (group) => groupChange(group.before, group.after) ?? [],
  );
}

function groupChange(before: GroupPlan | null, after: GroupPlan | null): MachineChange | null {
  const group = after ?? before;
  if (group === null) return null;
  const about = { key: group.key, role: group.role, pool: group.pool, files: [] };
  if (before === null || after === null)
    return { ...about, action: after === null ? "removed" : "added", order: null, reasons: [] };
  const reasons = differences(before, after);
  if (before.fingerprint === after.fingerprint)
    return reasons.length === 0 ? null : { ...about, action: "updated", order: null, reasons };
  const shape = reasons.length === 0 ? fieldsOf("", ["fingerprint"], before, after) : reasons;
  return { ...about, action: "replaced", order: "create-first", reasons: shape };
}

function differences(before: GroupPlan, after: GroupPlan): FieldChange[] {
  const names = Object.keys({ ...before, ...after }).filter((name) => !notCompared.has(name));
  return fieldsOf("", names.sort(), plain(before), plain(after));
}

/** The kind of its service is no choice among values of one field: the role decides it. */
function plain({ service: { kind: _, ...service }, ...group }: GroupPlan): object {
  return { ...group, service };
}
