import { formatDuration } from "../../../model/units.ts";
import { counted } from "../../../model/words.ts";
import type { MetalPlan } from "../../../plan/platforms/metal/types.ts";
import type { ClusterPlan } from "../../../plan/types.ts";
import { fieldChanges } from "../../compare/fields.ts";
import type { Known } from "../../compare/known.ts";
import type { FieldChange, MachineChange, RolloutStep, Sentence, Sides } from "../../compare/types.ts";
import { firstOf } from "../../compare/words.ts";
import { type PlatformReview, plainReview } from "../contract.ts";

/** Servers of one's own: what is another is changed where it stands, unless it goes to another server. */
export const metalReview: PlatformReview = {
  ...plainReview,
  settings: ({ before, after }) => serverChanges(partOf(before), partOf(after)),
  // It is there before the cluster, whatever the stack says of it.
  adoptsNetwork: () => true,
  inPlace: (plans, key) => {
    const [from, to] = [placeOf(plans.before, key), placeOf(plans.after, key)];
    return from !== null && from === to;
  },
  leavesFirst: () => true,
  sentences: movesOf,
  steps: (known, _, after) => [...changedSteps(known, after), ...movedSteps(known)],
  servingTypes: ["hotspare-metal:index:ServerFiles", "hotspare-metal:index:Server"],
};

function partOf(plan: ClusterPlan | null): MetalPlan | null {
  return plan?.platform.kind === "metal" ? plan.platform : null;
}

/** Name of the server that carries a machine; null where none does. */
function placeOf(plan: ClusterPlan | null, key: string): string | null {
  const servers = Object.entries(partOf(plan)?.servers ?? {});
  return servers.find(([, { machines }]) => machines.includes(key))?.[0] ?? null;
}

function serverChanges(before: MetalPlan | null, after: MetalPlan | null): FieldChange[] {
  if (before === null || after === null) return [];
  // Who stands where is told with the machines.
  const plain = ({ servers }: MetalPlan) =>
    Object.fromEntries(Object.entries(servers).map(([name, { machines: _, ...server }]) => [name, server]));
  const settings = ({ moveAddress = [], keepPackages }: MetalPlan) => ({
    moveAddress: moveAddress.join(" "),
    keepPackages: keepPackages === true,
  });
  return [
    ...fieldChanges("metal.servers", plain(before), plain(after)),
    ...fieldChanges("metal", settings(before), settings(after)),
  ];
}

/** Which machine goes where. */
function movesOf({ plans, machines }: Known): Sentence[] {
  return moved(plans, machines).map(({ key }) => ({
    subject: key,
    text: `goes from ${placeOf(plans.before, key)} to ${placeOf(plans.after, key)}`,
  }));
}

function moved(plans: Sides<ClusterPlan>, machines: readonly MachineChange[]): MachineChange[] {
  return machines.filter(({ key }) => {
    const [from, to] = [placeOf(plans.before, key), placeOf(plans.after, key)];
    return from !== null && to !== null && from !== to;
  });
}

const isNode = ({ role }: MachineChange) => ["active", "hot", "cold"].includes(role);
const shown = (machines: readonly MachineChange[]) =>
  firstOf(
    machines.map(({ key }) => key),
    6,
  );

function changedSteps({ machines }: Known, after: ClusterPlan): RolloutStep[] {
  const changed = machines.filter((machine) => machine.action === "updated" && isNode(machine));
  if (changed.length === 0) return [];
  const { drain, patience } = after.rollout;
  const one = changed.length === 1;
  return [
    {
      text: `${shown(changed)}: ${counted(changed.length, "node")} ${one ? "is" : "are"} changed where ${one ? "it stands" : "they stand, one after the other"}: no new requests, at most ${formatDuration(drain)} for those under way, new files, and back when the balancers call it healthy (at most ${formatDuration(patience)}); what doesn't get healthy gets its files of before`,
      lost: { low: 0, high: 0 },
      takes: { low: 0, high: changed.length * (drain + patience) },
    },
  ];
}

function movedSteps({ plans, machines }: Known): RolloutStep[] {
  const all = moved(plans, machines);
  if (all.length === 0) return [];
  return [
    {
      text: `${shown(all)} ${all.length === 1 ? "is" : "are"} removed from the server of before and made on the new one: the others serve meanwhile`,
      lost: null,
      takes: null,
    },
  ];
}
