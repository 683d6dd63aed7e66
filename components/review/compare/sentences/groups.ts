import { counted } from "../../../model/words.ts";
import { balancerCount } from "../../../plan/capacity.ts";
import type { GroupPlan } from "../../../plan/groups/types.ts";
import type { ClusterPlan } from "../../../plan/types.ts";
import { replacesMachines } from "../groups.ts";
import type { Known } from "../known.ts";
import { withoutPlatform } from "../sides.ts";
import type { MachineChange, Sentence } from "../types.ts";
import { firstOf } from "../words.ts";
import { fields, sentence } from "./parts.ts";

/** What changes where the platform's engine keeps the machines: its groups. */
export function groupSentences(known: Known): Sentence[] {
  const { before, after } = known.plans;
  if (before === null || after === null) return [];
  const [old, now] = [balancerCount(before), balancerCount(after)];
  const groups = known.reasons.whole.length > 0 ? [] : known.groups;
  const parts = groups.flatMap((change) => {
    const group = groupOf(after, change.key) ?? groupOf(before, change.key);
    return group === undefined
      ? []
      : [{ key: change.key, text: groupParts(change, group, known).join(", ") }];
  });
  // Those of which the same is to be told share a sentence.
  const alike = Map.groupBy(parts, ({ text }) => text);
  return [
    ...[...alike].map(([text, of]) => ({
      subject: `${of.length === 1 ? "group" : "groups"} ${of.map(({ key }) => key).join(", ")}`,
      text,
    })),
    ...(old === now || after.groups.length === 0
      ? []
      : sentence("tier", [`${old} → ${counted(now, "balancer")}`])),
  ];
}

function groupOf({ groups }: ClusterPlan, key: string): GroupPlan | undefined {
  return groups.find((group) => group.key === key);
}

function groupParts(change: MachineChange, group: GroupPlan, known: Known): string[] {
  const machines = `${group.count.desired} × ${group.machine.type}`;
  switch (change.action) {
    case "added":
      return [`is new: ${machines}`];
    case "removed":
      return [`is removed with its machines, ${machines}`];
    case "replaced":
      return [replacement(change, group, known.plans), ...beside(change)];
    case "updated":
      return [fields(change.reasons), "no machine is replaced"];
    default:
      return change.action satisfies never;
  }
}

/** `machines are replaced by an instance refresh, 1 at a time, new ones first (why)`. */
function replacement(change: MachineChange, { refresh }: GroupPlan, plans: Known["plans"]): string {
  const { atOnce = 1, healthyPercent } = refresh;
  const first = healthyPercent < 100 ? `with ${healthyPercent} % in service` : "new ones first";
  return `machines are replaced by an instance refresh, ${atOnce} at a time, ${first} (${whyReplaced(change, plans)})`;
}

function whyReplaced({ reasons, files }: MachineChange, plans: Known["plans"]): string {
  const own = reasons.filter(replacesMachines).map((reason) => withoutPlatform(plans, reason));
  return [
    ...(own.length === 0 ? [] : [fields(own)]),
    ...(files.length === 0 ? [] : [`other files: ${firstOf(files.map(shortName), 3)}`]),
  ].join("; ");
}

/** `nginx.conf`; which folder it is in is told with its lines. */
const shortName = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** What changes in the same step and replaces nothing. */
function beside({ reasons }: MachineChange): string[] {
  const others = reasons.filter((reason) => !replacesMachines(reason));
  return others.length === 0 ? [] : [fields(others)];
}
