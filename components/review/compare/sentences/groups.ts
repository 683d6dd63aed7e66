import { counted } from "../../../model/words.ts";
import { balancerCount } from "../../../plan/capacity.ts";
import type { Known } from "../sides.ts";
import type { FieldChange, MachineChange, Sentence } from "../types.ts";

import { below, fields, sentence, why } from "./parts.ts";

/** What changes where the platform's engine keeps the machines: its groups, and what the platform is asked for. */
export function groupSentences(known: Known): Sentence[] {
  const { before, after } = known.plans;
  if (before === null || after === null) return [];
  const [old, now] = [balancerCount(before), balancerCount(after)];
  return [
    ...known.groups.flatMap((group) => sentence(`group ${group.key}`, groupParts(group))),
    ...sentence("platform", platformParts(below(known.settings, "aws"))),
    ...(old === now || after.groups.length === 0
      ? []
      : sentence("tier", [`${old} → ${counted(now, "balancer")}`])),
  ];
}

function groupParts(group: MachineChange): string[] {
  switch (group.action) {
    case "added":
      return ["is new"];
    case "removed":
      return ["is removed with its machines"];
    case "replaced":
      return [`its machines are replaced a few at a time, the new ones first (${why([group])})`];
    case "updated":
      return [`${fields(group.reasons)}, without a change of its machines`];
    default:
      return group.action satisfies never;
  }
}

function platformParts(changes: readonly FieldChange[]): string[] {
  const cost = changes.find(({ path }) => path === "cost.total");
  const others = changes.filter((change) => change !== cost);
  return [
    ...(others.length === 0 ? [] : [fields(others)]),
    ...(cost === undefined ? [] : [`about ${cost.before} → ${cost.after} USD a month`]),
  ];
}
