import { counted } from "../../../model/words.ts";
import { awsPart } from "../../../plan/platforms/aws/part.ts";
import type { Known } from "../../compare/known.ts";
import { below, fields, sentence } from "../../compare/sentences/parts.ts";
import type { FieldChange, Sentence } from "../../compare/types.ts";
import { firstOf, listed, percent } from "../../compare/words.ts";
import { zoneChanges } from "../../platforms/aws/compare.ts";

/** What changes around the groups on AWS: network, load balancer, who may come in, watching, and what it costs. */
export function platformSentences(known: Known): Sentence[] {
  const { before, after } = known.plans;
  if (awsPart(before) === null || awsPart(after) === null) return [];
  const changes = below(known.settings, "aws");
  const of = (pattern: RegExp) => changes.filter(({ path }) => pattern.test(path));
  const told = /^(cost|front|live|vpc|clients|reach|monitoring|region|disk|image|key|tags)\b/;
  const isWhole = known.reasons.whole.length > 0;
  return [
    ...(isWhole ? [] : sentence("network", network(known, of(/^vpc\./)))),
    ...sentence("load balancer", front(known, of(/^front\./))),
    ...sentence(
      "clients",
      of(/^clients$/).map(({ before: old, after: now }) => `may come in from ${now} (before ${old})`),
    ),
    ...sentence(
      "nodes",
      of(/^reach$/).map(({ before: old, after: now }) => `may reach ${now}, besides the web (before ${old})`),
    ),
    ...sentence("liveness", liveness(of(/^live\./))),
    ...sentence("watching", watching(of(/^monitoring\./))),
    ...sentence("tags", tags(of(/^tags$/))),
    ...(isWhole ? [] : sentence("platform", rest(changes.filter(({ path }) => !told.test(path))))),
    ...sentence("cost", cost(of(/^cost\./))),
  ];
}

/** Of groups that stay: what else is asked before a node is replaced. */
function liveness(changes: readonly FieldChange[]): string[] {
  return changes
    .filter(({ before, after }) => before !== null && after !== null)
    .map(
      ({ path, before, after }) => `of group ${path.slice("live.".length)} by ${after} (before ${before})`,
    );
}

function network(known: Known, changes: readonly FieldChange[]): string[] {
  const { added, removed } = zoneChanges(known.plans);
  const nat = changes.find(({ path }) => path === "vpc.nat");
  const others = changes.filter(({ path }) => /^vpc\.(flowLogs|endpoints)$/.test(path));
  return [
    ...(added.length === 0
      ? []
      : [
          `${zones(added)} more: its subnets are made, the load balancer gets an address there and the groups spread`,
        ]),
    ...(removed.length === 0
      ? []
      : [
          `${zones(removed)} less: the load balancer is removed and made again under another name, since none can leave a zone, and nobody answers meanwhile`,
        ]),
    ...(nat === undefined
      ? []
      : [
          `NAT ${nat.before} → ${nat.after}: what machines have open to the outside is cut once; clients notice nothing`,
        ]),
    ...(others.length === 0 ? [] : [fields(others.map(withoutGroup("vpc")))]),
  ];
}

const zones = (names: readonly string[]) => `${counted(names.length, "zone")} (${listed(names)})`;

function front(known: Known, changes: readonly FieldChange[]): string[] {
  const renamed = changes.find(({ path }) => path === "front.name");
  const plan = awsPart(known.plans.after)?.front.listeners ?? [];
  const old = awsPart(known.plans.before)?.front.listeners ?? [];
  const others = changes.filter(({ path }) => !/^front\.(name|listeners)\b/.test(path));
  const ports = plan.filter(({ key }) => !old.some((one) => one.key === key));
  const closed = old.filter(({ key }) => !plan.some((one) => one.key === key));
  const kept = changes.filter(
    ({ path }) =>
      path.startsWith("front.listeners.") &&
      ![...ports, ...closed].some(({ key }) => path.startsWith(`front.listeners.${key}.`)),
  );
  return [
    ...(renamed === undefined
      ? []
      : [
          `is removed and made again as ${renamed.after}: clients need its new name, and nobody answers meanwhile`,
        ]),
    ...ports.map(({ port, protocol }) => `listens on ${protocol} ${port} as well`),
    ...closed.map(({ port, protocol }) => `listens no more on ${protocol} ${port}`),
    ...(kept.length === 0 ? [] : [`${fields(kept.map(withoutGroup("front.listeners")))}, in place`]),
    ...(others.length === 0 ? [] : [fields(others.map(withoutGroup("front")))]),
  ];
}

function watching(changes: readonly FieldChange[]): string[] {
  const alarms = changes.filter(({ path }) => path.startsWith("monitoring.alarms."));
  const of = (test: (change: FieldChange) => boolean) =>
    alarms.filter(test).map(({ path }) => path.slice("monitoring.alarms.".length));
  const made = of(({ before }) => before === null);
  const gone = of(({ after }) => after === null);
  const changed = alarms.filter(({ before, after }) => before !== null && after !== null);
  const others = changes.filter(({ path }) => !path.startsWith("monitoring.alarms."));
  return [
    ...(made.length === 0 ? [] : [`${counted(made.length, "alarm")} more: ${firstOf(made, 4)}`]),
    ...(gone.length === 0 ? [] : [`${counted(gone.length, "alarm")} less: ${firstOf(gone, 4)}`]),
    ...(changed.length === 0 ? [] : [fields(changed.map(withoutGroup("monitoring.alarms")))]),
    ...(others.length === 0 ? [] : [fields(others.map(withoutGroup("monitoring")))]),
  ];
}

function tags(changes: readonly FieldChange[]): string[] {
  return changes.map(({ before, after }) => `${before} → ${after}, on everything that the cluster has`);
}

function rest(changes: readonly FieldChange[]): string[] {
  return changes.length === 0 ? [] : [fields(changes)];
}

/** The sum first, then the parts that move it, the largest first. */
function cost(changes: readonly FieldChange[]): string[] {
  const total = changes.find(({ path }) => path === "cost.total");
  if (total === undefined) return [];
  const [before, after] = [Number(total.before ?? 0), Number(total.after ?? 0)];
  const share = before === 0 ? "" : ` (${after < before ? "−" : "+"}${percent((after - before) / before)})`;
  const parts = changes
    .filter((change) => change !== total)
    .map(({ path, before: old, after: now }) => ({
      part: path.slice("cost.".length),
      by: Number(now ?? 0) - Number(old ?? 0),
    }))
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by))
    .map(({ part, by }) => `${part} ${by < 0 ? "−" : "+"}$${Math.abs(by).toFixed(2)}`);
  const why = parts.length === 0 ? "" : `: ${firstOf(parts, 4)}`;
  return [`about $${before.toFixed(2)} → $${after.toFixed(2)} a month${share}${why}`];
}

const withoutGroup =
  (group: string) =>
  (change: FieldChange): FieldChange => ({ ...change, path: change.path.slice(group.length + 1) });
