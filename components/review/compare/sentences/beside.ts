import type { Known } from "../known.ts";
import type { MachineChange, Sentence } from "../types.ts";
import { below, fields, machinesWith, sentence, why } from "./parts.ts";

/** What stands beside the balancers and nodes: wardens with their filter, the door, and the pace of roll-outs. */
export function besideSentences(known: Known): Sentence[] {
  if (known.plans.before === null || known.plans.after === null) return [];
  const whole = known.reasons.whole.length > 0;
  const pace = below(known.settings, "rollout");
  return [
    ...(whole ? [] : [...accessories(known), ...workers(known)]),
    ...sentence("warden", wardens(known, whole)),
    ...(whole ? [] : sentence("door", door(known))),
    ...sentence("rollout", pace.length === 0 ? [] : [fields(pace)]),
  ];
}

/** Pools ask them, so what happens to one is told one by one. */
function accessories(known: Known): Sentence[] {
  const words = {
    added: () => "is new, and is there before the nodes",
    removed: () => "is removed; the data in its volumes stay",
    updated: ({ reasons }: MachineChange) => `${fields(reasons)}, while it goes on`,
    replaced: (change: MachineChange) =>
      `is stopped and made again (${why([change])}): whoever asks it fails meanwhile; the data in its volumes stay`,
  };
  return known.machines
    .filter(({ role }) => role === "accessory")
    .flatMap((change) => sentence(`accessory ${change.key}`, [words[change.action](change)]));
}

/** Nobody asks them, so their work waits meanwhile. */
function workers(known: Known): Sentence[] {
  const words = {
    added: () => "is new",
    removed: () => "is removed; the data in its volumes stay",
    updated: ({ reasons }: MachineChange) => `${fields(reasons)}, while it goes on`,
    replaced: (change: MachineChange) =>
      `is stopped and made again (${why([change])}): what it does is ended first, and its work waits meanwhile`,
  };
  return known.machines
    .filter(({ role }) => role === "worker" || role === "singleton" || role === "scheduled")
    .flatMap((change) => sentence(`${change.role} ${change.key}`, [words[change.action](change)]));
}

function wardens(known: Known, whole: boolean): string[] {
  const changes = below(known.settings, "warden");
  const enabled = changes.find(({ path }) => path === "enabled");
  if (enabled?.after === "no")
    return [
      "is turned off: hot standbys serve only when no active node can, cold ones never, and nothing is restarted",
    ];
  if (enabled !== undefined)
    return ["is turned on: standbys step in for single nodes, and what dies is restarted"];
  const replaced = whole
    ? []
    : [...machinesWith(known, "warden", "replaced"), ...machinesWith(known, "filter", "replaced")];
  const reason = changes.length > 0 ? "" : ` (${why(replaced)})`;
  return [
    ...(changes.length === 0 ? [] : [fields(changes)]),
    ...(replaced.length === 0
      ? []
      : [`removed and made again${reason}: meanwhile no standby is promoted and nothing repaired`]),
  ];
}

function door(known: Known): string[] {
  const replaced = machinesWith(known, "door", "replaced");
  return replaced.length === 0
    ? []
    : [
        `is removed and made again (${why(replaced)}): the URL on 127.0.0.1 is away for a moment, the address isn't`,
      ];
}
