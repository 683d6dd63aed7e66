import { formatDuration } from "../../../model/units.ts";
import { counted } from "../../../model/words.ts";
import { takeOver } from "../../../plan/forecast-tier.ts";
import { tierReview } from "../../tiers/select.ts";
import type { Known } from "../known.ts";
import type { FieldChange, Sentence } from "../types.ts";
import { listed } from "../words.ts";
import { below, fields, machinesWith, sentence, why } from "./parts.ts";

/** The balancers: how many, whether they are replaced, what they listen to, and how they take it. */
export function tierSentences(known: Known): Sentence[] {
  const parts = ownParts(known);
  return parts.length === 0 ? [] : sentence("tier", [...parts, ...effects(known)]);
}

/** That the balancers reload for what other sentences say; where the tier has none of its own. */
export function reloadSentences(known: Known): Sentence[] {
  return ownParts(known).length === 0 ? sentence("tier", effects(known)) : [];
}

function ownParts(known: Known): string[] {
  const { before, after } = known.plans;
  if (before === null || after === null) return [];
  const settings = below(known.settings, "tier").filter(({ path }) => path !== "kind");
  const tls = settings.filter(({ path }) => path.startsWith("tls."));
  const others = settings.filter(({ path }) => !path.startsWith("tls.") && !ownOf(known).has(path));
  return [
    ...count(known, before.balancers.length, after.balancers.length),
    ...replaced(known, before.balancers.length),
    ...certificates(known, tls),
    ...(others.length === 0 ? [] : [fields(others)]),
    ...move(known),
  ];
}

/** What the reason of a replacement says already. */
function ownOf(known: Known): Set<string> {
  return new Set(
    machinesWith(known, "balancer", "replaced").flatMap(({ reasons }) => reasons.map(({ path }) => path)),
  );
}

function count({ cover }: Known, before: number, after: number): string[] {
  if (before === after) return [];
  const survives = cover.after?.balancers ?? 0;
  const losses =
    survives === 0
      ? "nobody answers when it is lost"
      : `${before < after ? "now" : "still"} survives the loss of ${counted(survives, "balancer")} (before ${cover.before?.balancers || "none"})`;
  return [`${before} → ${counted(after, "balancer")}`, losses];
}

function replaced(known: Known, before: number): string[] {
  const machines = machinesWith(known, "balancer", "replaced");
  // The sentence on the cluster or the network has said it.
  if (machines.length === 0 || known.reasons.whole.length > 0) return [];
  const reason = why(machines);
  if (before === 1)
    return [`the only balancer is removed and made again (${reason}), and nobody answers meanwhile`];
  const all =
    machines.length === before
      ? `${before === 2 ? "both" : `all ${before}`} balancers are`
      : `${counted(machines.length, "balancer")} of ${before} ${machines.length === 1 ? "is" : "are"}`;
  return [
    `${all} removed and made again (${reason}), one after the other: the address moves to one that serves, and connections kept to the other end`,
  ];
}

function certificates({ plans }: Known, changes: readonly FieldChange[]): string[] {
  const tls = plans.after?.tier.tls ?? null;
  if (changes.length === 0) return [];
  if (tls === null) return [`TLS is turned off: port ${plans.before?.tier.tls?.port} closes`];
  if (plans.before?.tier.tls !== null) return [`TLS: ${fields(changes.map(withoutGroup))}`];
  const redirect = tls.redirect ? ", and plain requests are sent there" : "";
  return [`TLS is turned on: port ${tls.port}, certificate ${tls.certificate.kind}${redirect}`];
}

const withoutGroup = (change: FieldChange) => ({ ...change, path: change.path.slice("tls.".length) });

/** How soon the address moves, where that is another time. */
function move({ plans: { before, after } }: Known): string[] {
  if (before === null || after === null || before.balancers.length < 2 || after.balancers.length < 2)
    return [];
  const [old, now] = [takeOver(before), takeOver(after)];
  return old === now
    ? []
    : [`the address moves ${formatDuration(now)} after its holder is lost (before ${formatDuration(old)})`];
}

function effects(known: Known): string[] {
  const plan = known.plans.after;
  const programs = plan === null ? [] : tierReview(plan.tier.kind).reloads(known.machines);
  if (programs.length === 0) return [];
  return [`${listed(programs)} ${programs.length === 1 ? "reloads" : "reload"} in place`];
}
