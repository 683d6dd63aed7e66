import { formatDuration } from "../../../model/units.ts";
import { counted } from "../../../model/words.ts";
import { describedRate, lostBy } from "../../../plan/describe-forecast.ts";
import type { GroupPlan } from "../../../plan/groups/types.ts";
import type { ClusterPlan } from "../../../plan/types.ts";
import type { Known } from "../../compare/known.ts";
import type { MachineChange, RolloutStep } from "../../compare/types.ts";
import { firstOf, listed } from "../../compare/words.ts";
import { paceInWords, refreshTime } from "./refresh.ts";

/*
 * What a change does to requests where groups keep the machines. They are replaced after all else has changed, so that is there
 * before the machines that fit it.
 */

const none = { low: 0, high: 0 };

/** Groups that come, grow, shrink, are replaced and go; none where there are no groups. */
export function groupSteps({ groups }: Known, before: ClusterPlan, after: ClusterPlan): RolloutStep[] {
  return [
    ...made(groups, after),
    ...numbers(before, after),
    ...replaced(groups, after),
    ...removed(groups, before, after),
  ];
}

function of(plan: ClusterPlan, key: string): GroupPlan | undefined {
  return plan.groups.find((group) => group.key === key);
}

const keysOf = (groups: readonly { readonly key: string }[]) => listed(groups.map(({ key }) => key));

function some(
  groups: readonly MachineChange[],
  action: MachineChange["action"],
  plan: ClusterPlan,
): GroupPlan[] {
  return groups.flatMap((change) => (change.action === action ? (of(plan, change.key) ?? []) : []));
}

function made(groups: readonly MachineChange[], after: ClusterPlan): RolloutStep[] {
  const fresh = some(groups, "added", after);
  if (fresh.length === 0) return [];
  const patience = Math.max(...fresh.map(({ refresh }) => refresh.patience));
  return [
    {
      text: `${keysOf(fresh)}: machines are made, and count when they say that they are ready`,
      lost: none,
      takes: { low: 0, high: patience },
    },
  ];
}

/** Where targets move the number only its bounds are the stack's. */
function numbers(before: ClusterPlan, after: ClusterPlan): RolloutStep[] {
  return after.groups.flatMap((group) => {
    const old = of(before, group.key);
    if (old === undefined) return [];
    const follows = group.targets.length > 0 && old.targets.length > 0;
    const by = follows ? group.count.min - old.count.min : group.count.desired - old.count.desired;
    if (by === 0) return [];
    return [by > 0 ? grows(group, by, follows) : shrinks(group, -by, follows, after)];
  });
}

function grows({ key, refresh }: GroupPlan, by: number, follows: boolean): RolloutStep {
  const most = follows ? "at most " : "";
  return {
    text: `${key}: ${most}${counted(by, "machine")} more ${by === 1 ? "is" : "are"} made, and ${by === 1 ? "counts" : "count"} when ready`,
    lost: none,
    takes: { low: 0, high: refresh.patience },
  };
}

function shrinks(
  { key, role, refresh }: GroupPlan,
  by: number,
  follows: boolean,
  after: ClusterPlan,
): RolloutStep {
  if (follows)
    return { text: `${key}: may shrink by ${by} more, when its targets allow it`, lost: none, takes: null };
  return {
    text: `${key}: ${counted(by, "machine")} ${by === 1 ? "gets" : "get"} nothing new, ${by === 1 ? "finishes" : "finish"} within ${formatDuration(refresh.drain)} and ${by === 1 ? "goes" : "go"}`,
    lost: { low: 0, high: role === "balancer" ? by * lostBy(after, "balancer-rolled") : 0 },
    takes: { low: 0, high: refresh.drain },
  };
}

/** All refreshes go on side by side. */
function replaced(changes: readonly MachineChange[], after: ClusterPlan): RolloutStep[] {
  const groups = some(changes, "replaced", after);
  const [first] = groups;
  if (first === undefined) return [];
  const each = groups.map(
    ({ key, count, refresh: { atOnce = 1 } }) => `${key} (${atOnce} of ${count.desired} at a time)`,
  );
  const isOne = groups.length === 1;
  const { healthyPercent, patience, drain } = first.refresh;
  const times = groups.map(refreshTime);
  const balancers = groups.find(({ role }) => role === "balancer")?.count.desired ?? 0;
  return [
    {
      text: `\`up\` starts an instance refresh of ${firstOf(each, 6)} and ends; ${isOne ? "it goes on" : "they go on side by side"}, with at least ${healthyPercent} % in service${paceInWords(first)}, and ${isOne ? "goes" : "go"} back when a new machine isn't ready within ${formatDuration(patience)} or an alarm rises; an old one has ${formatDuration(drain)} to finish`,
      lost: { low: 0, high: balancers * lostBy(after, "balancer-rolled") },
      takes: {
        low: Math.max(...times.map(({ low }) => low)),
        high: Math.max(...times.map(({ high }) => high)),
      },
    },
  ];
}

/** A pool is gone with the end of `up`, and balancers send there until their own turn. */
function removed(changes: readonly MachineChange[], before: ClusterPlan, after: ClusterPlan): RolloutStep[] {
  const gone = some(changes, "removed", before);
  if (gone.length === 0) return [];
  const balancers = of(after, "lb");
  const orphans = poolsAsked(before, after);
  const text = `${keysOf(gone)}: the machines finish what they have and go`;
  if (orphans.length === 0 || balancers === undefined) return [{ text, lost: none, takes: null }];
  const { high } = refreshTime(balancers);
  return [
    {
      text: `${text}; balancers that are not replaced yet go on sending requests of ${listed(orphans)} there, and these fail`,
      lost: { low: 0, high: (describedRate * high) / 1000 },
      takes: { low: 0, high },
    },
  ];
}

/** Pools that routes led to and that are no more. */
export function poolsAsked(before: ClusterPlan, after: ClusterPlan): string[] {
  const left = new Set(after.pools.map(({ name }) => name));
  return [...new Set(before.routes.map(({ pool }) => pool).filter((pool) => !left.has(pool)))];
}
