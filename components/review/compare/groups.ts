import type { GroupPlan } from "../../plan/groups/types.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import { fieldsOf } from "./fields.ts";
import type { Reasons } from "./known.ts";
import { paired } from "./sides.ts";
import type { FieldChange, MachineChange, Sides } from "./types.ts";

/** Who it is and what follows from the rest. */
const notCompared = new Set(["key", "name", "role", "pool", "fingerprint"]);

/** Fields that a group's machines know nothing of: how many there are, where, and at which pace they change. */
const aboutTheGroup =
  /^(count|targets|schedule|predictive|waiting|zones|distribution|policies|refresh)(\.|$)/;

/** What follows from an instance type, and the pace of checks: others ask, and the pool's own sentence tells it. */
const follows =
  /^(machine\.(architecture|burstable|memory|metal|others|vcpus)|service\.health\.(?!path)\w+)$/;

/**
 * Groups that differ, in the plan's order. Where its machines are made of something else (its fingerprint, what all launch
 * templates have, its files) a group gets other ones, a few at a time; any other change reaches the group and leaves its
 * machines alone. What takes the network away takes the groups along.
 *
 * @param template what differs of all groups' machines, beside what their own plans say
 */
export function groupChanges(
  plans: Sides<ClusterPlan>,
  { whole }: Reasons,
  template: readonly FieldChange[],
  changedFiles: (key: string) => readonly string[],
): MachineChange[] {
  return paired(plans.before?.groups ?? [], plans.after?.groups ?? [], ({ key }) => key).flatMap(
    ({ key, before, after }) => groupChange(before, after, whole, template, [...changedFiles(key)]) ?? [],
  );
}

function groupChange(
  before: GroupPlan | null,
  after: GroupPlan | null,
  whole: readonly FieldChange[],
  template: readonly FieldChange[],
  files: readonly string[],
): MachineChange | null {
  const group = after ?? before;
  if (group === null) return null;
  const about = { key: group.key, role: group.role, pool: group.pool };
  if (before === null || after === null)
    return { ...about, files: [], action: after === null ? "removed" : "added", order: null, reasons: [] };
  const own = differences(before, after);
  if (whole.length > 0)
    return { ...about, files, action: "replaced", order: "delete-first", reasons: [...whole, ...own] };
  if (before.fingerprint === after.fingerprint && template.length === 0 && files.length === 0)
    return own.length === 0 ? null : { ...about, files, action: "updated", order: null, reasons: own };
  const reasons = [...own, ...template];
  const isShape = files.length === 0 && !reasons.some(replacesMachines);
  return {
    ...about,
    files,
    action: "replaced",
    order: "create-first",
    reasons: isShape ? [...reasons, ...fieldsOf("", ["fingerprint"], before, after)] : reasons,
  };
}

/** Whether a field that differs is a reason for other machines. */
export function replacesMachines({ path }: FieldChange): boolean {
  return !aboutTheGroup.test(path);
}

function differences(before: GroupPlan, after: GroupPlan): FieldChange[] {
  const names = Object.keys({ ...before, ...after }).filter((name) => !notCompared.has(name));
  return fieldsOf("", names.sort(), plain(before), plain(after)).filter(({ path }) => !follows.test(path));
}

/** The kind of its service is no choice among values of one field: the role decides it. */
function plain({ service: { kind: _, ...service }, programs, ...group }: GroupPlan): object {
  return { ...group, service, programs: programs === "" ? null : programs };
}
