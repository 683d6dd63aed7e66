import { counted } from "../../../model/words.ts";
import { balancerCount, poolCapacity } from "../../../plan/capacity.ts";
import type { ClusterPlan } from "../../../plan/types.ts";
import type { Known } from "../known.ts";
import { withoutPlatform } from "../sides.ts";
import type { FieldChange, MachineChange, Sentence } from "../types.ts";
import { listed } from "../words.ts";
import { nodesInWords, survival } from "./cover.ts";
import { below, fields, sentence } from "./parts.ts";

/** What concerns the cluster as a whole: that it comes or goes, its name, what it is for, its protection. */
export function clusterSentences(known: Known): Sentence[] {
  const { before, after } = known.plans;
  if (before === null) return after === null ? [] : [comes(known, after)];
  if (after === null) return [goes(before)];
  const again = known.reasons.cluster.map((reason) => withoutPlatform(known.plans, reason));
  const of = (path: string) => known.settings.filter((change) => change.path === path);
  return sentence("cluster", [
    ...(again.length === 0
      ? []
      : [`${fields(again)}: everything is removed and made again, and the cluster is down meanwhile`]),
    ...(again.length > 0 ? [] : of("name").map(calledAnew)),
    ...of("environment").map((change) => fields([change])),
    ...of("protect").map(protection),
  ]);
}

function comes({ cover }: Known, plan: ClusterPlan): Sentence {
  const pools = plan.pools.map(
    ({ name, shownAs }) => `pool ${shownAs} with ${nodesInWords(poolCapacity(plan, name))}`,
  );
  const parts = [counted(balancerCount(plan), "balancer"), ...pools];
  return {
    subject: "cluster",
    text: `is new: ${listed(parts)}; ${survival({ before: null, after: cover.after })}`,
  };
}

function goes(plan: ClusterPlan): Sentence {
  const pools = plan.pools.map(({ name }) => poolCapacity(plan, name));
  const nodes = pools.reduce((sum, { active, hot, cold }) => sum + active + hot + cold, 0);
  return {
    subject: "cluster",
    text: `is removed with its ${counted(balancerCount(plan), "balancer")} and ${counted(nodes, "node")}, and nobody answers afterwards`,
  };
}

function calledAnew({ before, after }: FieldChange): string {
  return `is called ${after}, which was ${before}; its id stays, so nothing is replaced for the name`;
}

function protection({ after }: FieldChange): string {
  return after === "yes"
    ? "protection is turned on: `./hotspare down` asks first"
    : "protection is turned off: `./hotspare down` asks no more";
}

/** The network: another one takes everything with it. */
export function networkSentences({ plans, reasons, settings, machines, groups }: Known): Sentence[] {
  if (reasons.network.length === 0) return [];
  const replaced = (all: readonly MachineChange[]) =>
    all.filter(({ action }) => action === "replaced").length;
  const told = ["subnet", "virtualAddress"];
  const own = reasons.network.filter(({ path }) => !path.startsWith("network."));
  const changes = [...below(settings, "network"), ...own.map((reason) => withoutPlatform(plans, reason))];
  const first = changes.filter(({ path }) => told.includes(path));
  const all = groups.length > 0 ? counted(replaced(groups), "group") : counted(replaced(machines), "machine");
  return sentence("network", [
    fields(first.length > 0 ? first : changes),
    `${all} and the network are removed and made again, and the cluster is down meanwhile`,
  ]);
}
