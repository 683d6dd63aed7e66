import { containerParts } from "../../model/container.ts";
import { type Replacement, replacement } from "../../plan/machines/replacement.ts";
import { machineRoles } from "../../plan/roles.ts";
import type { AccessoryPlan, ClusterPlan, DirectorPlan, NodePlan, WorkerPlan } from "../../plan/types.ts";
import { fieldChanges, fieldsOf } from "./fields.ts";
import type { Reasons } from "./known.ts";
import { paired } from "./sides.ts";
import type { FieldChange, MachineChange, Sides } from "./types.ts";
import { byKey } from "./words.ts";

/** Any machine of a plan. */
type Machine =
  | ClusterPlan["balancers"][number]
  | DirectorPlan
  | NodePlan
  | NonNullable<ClusterPlan["door"]>
  | ClusterPlan["wardens"][number]
  | NonNullable<ClusterPlan["filter"]>
  | AccessoryPlan
  | WorkerPlan;

/** Says nothing by itself: what it is made of is compared, and what it decides is not the machine's affair. */
const notCompared = new Set([
  "answers",
  "key",
  "role",
  "pool",
  "fingerprint",
  "generation",
  "timers",
  "backup",
  "restoration",
  // Wardens are told, and their document changes.
  "of",
  "schedule",
]);

/** The machines that differ, by role and key, and how many don't. */
export function machineChanges(
  plans: Sides<ClusterPlan>,
  { cluster, network }: Reasons,
  changedFiles: (key: string) => readonly string[],
  inPlace: (key: string) => boolean,
): { readonly machines: MachineChange[]; readonly unchanged: number } {
  const pairs = paired(machinesOf(plans.before), machinesOf(plans.after), ({ key }) => key);
  const changes = pairs.flatMap(({ before, after }) => {
    const whole = after !== null && !takes(after).networked ? cluster : [...cluster, ...network];
    return change(before, after, whole, changedFiles, inPlace) ?? [];
  });
  return {
    machines: changes.sort(
      (a, b) => machineRoles.indexOf(a.role) - machineRoles.indexOf(b.role) || byKey(a.key, b.key),
    ),
    unchanged: pairs.length - changes.length,
  };
}

function machinesOf(plan: ClusterPlan | null): Machine[] {
  if (plan === null) return [];
  const { balancers, directors, nodes, door, wardens, filter, accessories = [], workers = [] } = plan;
  return [
    ...(directors?.machines ?? []),
    ...balancers,
    ...nodes,
    ...accessories,
    ...workers,
    ...wardens,
    ...[door, filter].filter((one) => one !== null),
  ];
}

const isNode = (machine: Machine): machine is NodePlan => "pool" in machine;

function takes(machine: Machine): Replacement {
  return replacement[isNode(machine) ? "node" : machine.role];
}

/** @param whole why everything around it is replaced */
function change(
  before: Machine | null,
  after: Machine | null,
  whole: readonly FieldChange[],
  changedFiles: (key: string) => readonly string[],
  inPlace: (key: string) => boolean,
): MachineChange | null {
  const machine = after ?? before;
  if (machine === null) return null;
  const { key, role } = machine;
  const about = { key, role, pool: isNode(machine) ? machine.pool : null };
  if (before === null || after === null) {
    return { ...about, action: after === null ? "removed" : "added", order: null, reasons: [], files: [] };
  }
  const files = changedFiles(key);
  const reasons = ownReasons(before, after);
  if (whole.length > 0)
    return { ...about, action: "replaced", order: "delete-first", reasons: merged(whole, reasons), files };
  const isOther = isReplaced(before, after, reasons, files);
  if (isOther && !inPlace(key))
    return {
      ...about,
      action: "replaced",
      order: takes(after).order,
      reasons: reasons.length === 0 && files.length === 0 ? shape(before, after) : reasons,
      files,
    };
  if (reasons.length === 0 && files.length === 0 && !isOther) return null;
  return { ...about, action: "updated", order: null, reasons, files };
}

function isReplaced(
  before: Machine,
  after: Machine,
  reasons: readonly FieldChange[],
  files: readonly string[],
): boolean {
  if (isNode(before) && isNode(after)) {
    // A revision without fingerprints replaced a node for whatever is another but its weight, which it doesn't know of.
    if (before.fingerprint === "" || after.fingerprint === "")
      return reasons.some(({ path }) => path !== "weight");
    return before.fingerprint !== after.fingerprint;
  }
  const { fields, files: withFiles } = takes(after);
  return (
    (withFiles && files.length > 0) || reasons.some(({ path }) => fields.includes(path.split(".")[0] ?? ""))
  );
}

/** A node that is another although nothing of its plan is: the kit makes nodes of something else than before. */
function shape(before: Machine, after: Machine): FieldChange[] {
  return fieldsOf("", ["fingerprint"], before, after);
}

function ownReasons(before: Machine, after: Machine): FieldChange[] {
  const names = new Set(
    [...Object.keys(before), ...Object.keys(after)].filter((name) => !notCompared.has(name)),
  );
  return fieldsOf("", [...names].sort(), before, after);
}

/** The whole's reasons and then the machine's own, each path once. */
function merged(whole: readonly FieldChange[], own: readonly FieldChange[]): FieldChange[] {
  const paths = new Set(whole.map(({ path }) => path));
  return [...whole, ...own.filter(({ path }) => !paths.has(path))];
}

/** Fields that differ between two nodes but for who they are: those that a pool's nodes share. */
export function nodeSettings(before: NodePlan | undefined, after: NodePlan | undefined): FieldChange[] {
  if (before === undefined || after === undefined) return [];
  const shared = [...containerParts, "cpus", "image", "memory", "port", "readOnly", "stopGrace"];
  const { HOTSPARE_NODE: _, ...old } = before.environment;
  const { HOTSPARE_NODE: __, ...now } = after.environment;
  return [...fieldsOf("", shared, before, after), ...fieldChanges("environment", old, now)];
}
