import { balancerTraits } from "../../../model/balancers/select.ts";
import { platformTraits } from "../../../model/platforms/select.ts";
import { formatDuration } from "../../../model/units.ts";
import { counted, plural } from "../../../model/words.ts";
import type { PoolPlan } from "../../../plan/types.ts";
import { addressConflicts } from "../conflicts.ts";
import type { Known } from "../known.ts";
import { poolNames } from "../names.ts";
import type { FieldChange, PoolChange, Sentence } from "../types.ts";
import { firstOf, growth, percent } from "../words.ts";
import { nodesInWords, survival } from "./cover.ts";
import { fields, sentence, why } from "./parts.ts";
import { taskParts } from "./tasks.ts";

/** A sentence for each pool that changes. */
export function poolSentences(known: Known): Sentence[] {
  if (known.plans.before === null || known.plans.after === null) return [];
  const changed = new Map(known.pools.map((pool) => [pool.name, pool]));
  // A pool whose nodes are replaced, although nothing of it is another, changes as well.
  const replaced = known.machines.filter(({ action, pool }) => action === "replaced" && pool !== null);
  const names = new Set([...changed.keys(), ...replaced.map(({ pool }) => pool ?? "")]);
  const shown = poolNames(known.plans);
  return [...names].flatMap((name) => sentence(`pool ${shown(name)}`, parts(known, name, changed.get(name))));
}

function parts(known: Known, name: string, change: PoolChange | undefined): string[] {
  if (change?.kind === "added") return [...comes(known, change), ...conflicts(known, name)];
  if (change?.kind === "removed") return goes(change);
  return [
    ...(change === undefined ? [] : calledAnew(change)),
    ...(change === undefined ? [] : counts(known, change)),
    ...replaced(known, name),
    ...(change === undefined ? [] : settings(known, change)),
    ...taskParts(known, name),
    ...conflicts(known, name),
  ];
}

function comes({ cover }: Known, { name, nodes: { after } }: PoolChange): string[] {
  if (after === null) return [];
  return [`is new: ${nodesInWords(after)}; ${survival({ before: null, after: cover.after }, name)}`];
}

function goes({ nodes: { before } }: PoolChange): string[] {
  return before === null ? [] : [`is removed with its ${nodesInWords(before)}`];
}

function calledAnew({ settings }: PoolChange): string[] {
  return settings
    .filter(({ path }) => path === "name")
    .map(({ before }) => `is what was called ${before}; its id stays, so nothing is replaced for the name`);
}

function counts({ cover }: Known, { name, nodes, capacity, keysMoved }: PoolChange): string[] {
  const { before, after } = nodes;
  if (before === null || after === null) return [];
  const roles = [
    ["active", "active node"],
    ["hot", "hot standby"],
    ["cold", "cold standby"],
  ] as const;
  const numbers = roles.flatMap(([role, noun]) =>
    before[role] === after[role] ? [] : [`${before[role]} → ${after[role]} ${plural(after[role], noun)}`],
  );
  return [
    ...numbers,
    ...(capacity === null || capacity === 1 ? [] : [`capacity ${growth(capacity)}`]),
    ...(keysMoved === null || keysMoved === 0
      ? []
      : [`${percent(keysMoved)} of the hashed keys move to another node`]),
    ...(before.active === after.active && before.hot === after.hot ? [] : [survival(cover, name)]),
  ];
}

function replaced(known: Known, name: string): string[] {
  const machines = known.machines.filter(({ pool, action }) => pool === name && action === "replaced");
  if (machines.length === 0 || known.reasons.whole.length > 0) return [];
  const reasons = machines.map((machine) => ({
    ...machine,
    reasons: machine.reasons.filter(({ path }) => path !== "weight"),
  }));
  const kept = new Set(known.plans.after?.nodes.map(({ key }) => key));
  const staying = known.plans.before?.nodes.filter(({ pool, key }) => pool === name && kept.has(key)).length;
  const nodes = counted(machines.length, "node");
  const who =
    machines.length === 1 ? `${nodes} is` : `${machines.length === staying ? "all " : ""}${nodes} are`;
  return [`${who} replaced (${why(reasons)}), the new beside the old until proved, without a lost request`];
}

/** Algorithm, health and weights; what replaces nodes is said as the reason. */
function settings(known: Known, { name, settings, shares }: PoolChange): string[] {
  const shown = settings.filter(({ path }) => /^(algorithm|health|sticky)/.test(path));
  const spoken = settings.filter(({ path }) => /^(protocol|tls)/.test(path));
  const weights = settings.filter(({ path }) => path.startsWith("weights."));
  // Where files come with a machine's first boot, what balancers are told does so as well.
  const plan = known.plans.after;
  const isInPlace =
    plan !== null &&
    platformTraits(plan.platform.kind).delivery !== "user-data" &&
    balancerTraits(plan.tier.kind).membersInPlace;
  const inPlace =
    isInPlace && spoken.length === 0 && shown.length + weights.length > 0 ? ["without a reload"] : [];
  return [
    ...(spoken.length === 0 ? [] : [`nodes are reached in another way: ${fields(spoken)}`]),
    ...(shown.length === 0 ? [] : [fields(shown)]),
    ...detection(known, name),
    ...(weights.length === 0 ? [] : [shareWords(weights, shares)]),
    ...inPlace,
  ];
}

function shareWords(weights: readonly FieldChange[], shares: PoolChange["shares"]): string {
  const of = new Map(shares.map((share) => [share.node, share]));
  const words = weights.map(({ path, before, after }) => {
    const node = path.slice("weights.".length);
    const share = of.get(node);
    const part =
      share?.before == null || share.after == null
        ? ""
        : ` (${percent(share.before)} → ${percent(share.after)} of the requests)`;
    return `${node} weight ${before} → ${after}${part}`;
  });
  return firstOf(words, 4);
}

/** How soon a node is out that fails its checks, where that is another time. */
function detection({ plans }: Known, name: string): string[] {
  const of = (pools: readonly PoolPlan[] | undefined) => pools?.find((pool) => pool.name === name)?.health;
  const [old, now] = [of(plans.before?.pools), of(plans.after?.pools)];
  if (old === undefined || now === undefined) return [];
  const [before, after] = [old.interval * old.fall, now.interval * now.fall];
  return before === after
    ? []
    : [`a node is out ${formatDuration(after)} after it fails its checks (before ${formatDuration(before)})`];
}

function conflicts(known: Known, name: string): string[] {
  const keys = new Set(known.machines.filter(({ pool }) => pool === name).map(({ key }) => key));
  const found = addressConflicts(known).filter(({ key }) => keys.has(key));
  const [first] = found;
  if (first === undefined) return [];
  return [
    `but its nodes may be refused: ${first.address} of ${first.key} is ${first.holder}'s until that one goes, and it goes last; add the pool at the end, and remove the other one in a later change`,
  ];
}
