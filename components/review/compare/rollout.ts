import { countsWeights } from "../../model/algorithms.ts";
import { balancerTraits } from "../../model/balancers/select.ts";
import { formatDuration } from "../../model/units.ts";
import { counted, plural } from "../../model/words.ts";
import { lostBy } from "../../plan/describe-forecast.ts";
import { addressGap } from "../../plan/forecast-tier.ts";
import type { Range } from "../../plan/forecast-types.ts";
import { poolShown } from "../../plan/shown.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import { platformReview } from "../platforms/select.ts";
import { tierReview } from "../tiers/select.ts";
import { addressConflicts } from "./conflicts.ts";
import { directorSteps } from "./directors.ts";
import type { Known } from "./known.ts";
import { taskSteps } from "./sentences/tasks.ts";
import { withoutPlatform } from "./sides.ts";
import type { MachineChange, RolloutStep } from "./types.ts";
import { firstOf, listed } from "./words.ts";

/*
 * What a change does to requests while it is carried out, in the engine's order: network, new nodes, one balancer after the
 * other with its files, what stands beside them, and at last the nodes that leave. Docs: architecture.md, "How nodes are
 * replaced" and "How a change reaches a balancer"; stacks.md, "What a change does".
 */

const none: Range = { low: 0, high: 0 };

/** The steps of a roll-out; none where nothing changes. */
export function rolloutSteps(known: Known): RolloutStep[] {
  const { before, after } = known.plans;
  if (after === null)
    return before === null
      ? []
      : [step("everything is removed: no request is answered any more", null, null)];
  if (before === null) {
    const takes = { low: 0, high: after.rollout.patience };
    return [step("everything is made; nobody is served before", none, takes)];
  }
  const whole = wholeCluster(known);
  if (whole !== null) return [whole];
  return [
    ...taskSteps(known, "before"),
    ...conflictSteps(known),
    ...nodesMade(known, after),
    ...nodesReplaced(known, before, after),
    ...platformReview(after).steps(known, before, after),
    ...balancersReplaced(known, before),
    ...tierReview(after.tier.kind).steps(known, after),
    ...directorSteps(known),
    ...balancersComeAndGo(known, before),
    ...taskSteps(known, "after"),
    ...beside(known),
    ...nodesRemoved(known, after),
  ];
}

function step(text: string, lost: Range | null, takes: Range | null): RolloutStep {
  return { text, lost, takes };
}

const keys = (machines: readonly MachineChange[]) =>
  firstOf(
    machines.map(({ key }) => key),
    6,
  );
const nodeRoles: readonly string[] = ["active", "hot", "cold"];

function some(known: Known, action: MachineChange["action"], ...roles: string[]): MachineChange[] {
  return known.machines.filter((machine) => machine.action === action && roles.includes(machine.role));
}

function wholeCluster({ plans, reasons }: Known): RolloutStep | null {
  if (reasons.whole.length === 0) return null;
  const why = firstOf([...new Set(reasons.whole.map((reason) => withoutPlatform(plans, reason).path))], 3);
  return step(
    `everything in the network is removed and made again (${why}): nobody answers from the first removal until the new cluster stands`,
    null,
    null,
  );
}

function conflictSteps(known: Known): RolloutStep[] {
  const conflicts = addressConflicts(known);
  if (conflicts.length === 0) return [];
  const [made, holders] = [conflicts.map(({ key }) => key), conflicts.map(({ holder }) => holder)];
  return [
    step(
      `${firstOf(made, 6)} may be refused for an address that is still taken by ${firstOf(holders, 6)}: what goes goes last. Then nothing is changed, and the old nodes serve on`,
      none,
      null,
    ),
  ];
}

function nodesMade(known: Known, after: ClusterPlan): RolloutStep[] {
  const made = some(known, "added", ...nodeRoles);
  if (made.length === 0) return [];
  const running = made.filter(({ role }) => role !== "cold");
  const gate = `asked for ${made.length === 1 ? "its" : "their"} health, at most ${formatDuration(after.rollout.patience)}, before a balancer hears of ${made.length === 1 ? "it" : "them"}`;
  return [
    step(
      running.length === 0
        ? `${keys(made)} ${made.length === 1 ? "is" : "are"} made, switched off`
        : `${keys(made)} ${made.length === 1 ? "is" : "are"} made and ${gate}`,
      none,
      { low: 0, high: running.length === 0 ? 0 : after.rollout.patience },
    ),
  ];
}

function nodesReplaced(known: Known, before: ClusterPlan, after: ClusterPlan): RolloutStep[] {
  const replaced = some(known, "replaced", ...nodeRoles).filter(
    // One that goes to another place first has no second beside it; its platform tells of it.
    ({ key }) => !leavesFirst(known, key),
  );
  if (replaced.length === 0) return [];
  const { patience, step: pause, drain } = after.rollout;
  const pools = [...new Set(replaced.map(({ pool }) => pool ?? ""))];
  const watched = balancerTraits(after.tier.kind).countsAnswers ? " and watched for errors" : "";
  return [
    step(
      `${listed(pools.map((pool) => poolShown(after, pool)))}: ${counted(replaced.length, "node")} ${replaced.length === 1 ? "is" : "are"} started beside the old, asked for ${replaced.length === 1 ? "its" : "their"} health (at most ${formatDuration(patience)}), and ramped up: ${ramp(before, pools)}, for ${formatDuration(pause)} each${watched}; then the old ones get nothing more${sessions(after, replaced, " but their sessions' requests")}, finish what they have (at most ${formatDuration(drain)}) and go`,
      none,
      { low: 2 * pause, high: patience + 2 * pause + after.balancers.length * drain },
    ),
  ];
}

const leavesFirst = ({ plans }: Known, key: string) =>
  plans.after !== null && platformReview(plans.after).leavesFirst(plans, key);

/** What is said of nodes that leave, where sessions stay at theirs. */
function sessions({ pools }: ClusterPlan, leaving: readonly MachineChange[], text: string): string {
  const names = new Set(leaving.map(({ pool }) => pool));
  return pools.some(({ name, sticky }) => names.has(name) && sticky !== null) ? text : "";
}

/** Where weights don't count the ramp counts nodes. It goes by the algorithm that the old nodes have. */
function ramp({ pools }: ClusterPlan, names: readonly string[]): string {
  const turns = pools.filter(({ name, algorithm }) => names.includes(name) && !countsWeights(algorithm));
  const byCount = "first one new node beside the old ones, then all";
  const byWeight = "5 % and then 30 % of the requests";
  if (turns.length === 0) return byWeight;
  return turns.length === names.length
    ? byCount
    : `${byWeight} (${listed(turns.map(({ shownAs }) => shownAs))}: ${byCount})`;
}

function balancersReplaced(known: Known, before: ClusterPlan): RolloutStep[] {
  const replaced = some(known, "replaced", "balancer");
  if (replaced.length === 0) return [];
  const [first] = replaced;
  if (before.balancers.length === 1)
    return [
      step(
        `${first?.key}, the only balancer, is removed and made again: nobody answers meanwhile`,
        null,
        null,
      ),
    ];
  if (before.directors !== undefined)
    return [
      step(
        `${keys(replaced)} ${replaced.length === 1 ? "is" : "are"} removed and made again, one after the other: each first tells the directors, which send nothing new to it, and ends what is under way`,
        none,
        null,
      ),
    ];
  const gap = addressGap(before.balancers, before.tier.failover.advertise).goodbye;
  const moves = replaced.length;
  return [
    step(
      `${keys(replaced)} ${moves === 1 ? "is" : "are"} removed and made again, one after the other; the one that holds the address gives it away first. Lost is what clients have under way on connections that they keep to the address; new connections wait for the address, at most ${Math.ceil(gap.high)} ms each time, and the door loses nothing`,
      { low: 0, high: moves * lostBy(before, "balancer-stopped") },
      null,
    ),
  ];
}

function balancersComeAndGo(known: Known, before: ClusterPlan): RolloutStep[] {
  const made = some(known, "added", "balancer");
  const gone = some(known, "removed", "balancer");
  return [
    ...(made.length === 0
      ? []
      : [
          step(
            `${keys(made)} ${made.length === 1 ? "is" : "are"} made after the others have heard of ${made.length === 1 ? "it" : "them"}; the address stays where it is`,
            none,
            null,
          ),
        ]),
    ...(gone.length === 0
      ? []
      : [
          step(
            before.directors === undefined
              ? `${keys(gone)} ${gone.length === 1 ? "gives" : "give"} the address away, where ${gone.length === 1 ? "it has" : "one has"} it, and ${gone.length === 1 ? "goes" : "go"}. Lost is what clients have under way on connections that they keep to it`
              : `${keys(gone)}: the directors send nothing new there, what is under way ends, and ${gone.length === 1 ? "it goes" : "they go"}`,
            before.directors === undefined ? { low: 0, high: lostBy(before, "balancer-stopped") } : none,
            null,
          ),
        ]),
  ];
}

function beside(known: Known): RolloutStep[] {
  const again = (role: string) => some(known, "replaced", role);
  const steps: RolloutStep[] = [];
  if (again("door").length > 0)
    steps.push(
      step(
        "the door is removed and made again: the URL on 127.0.0.1 is away for a moment, the address isn't",
        null,
        null,
      ),
    );
  const watchers = [...again("warden"), ...again("filter")];
  if (watchers.length > 0)
    steps.push(
      step(
        `${keys(watchers)} ${watchers.length === 1 ? "is" : "are"} removed and made again: meanwhile no standby is promoted and nothing repaired`,
        none,
        null,
      ),
    );
  const made = some(known, "added", "warden", "filter");
  if (made.length > 0) steps.push(step(`${keys(made)} ${made.length === 1 ? "is" : "are"} made`, none, null));
  const gone = some(known, "removed", "warden", "filter");
  if (gone.length > 0) steps.push(step(`${keys(gone)} ${gone.length === 1 ? "goes" : "go"}`, none, null));
  return steps;
}

function nodesRemoved(known: Known, after: ClusterPlan): RolloutStep[] {
  const gone = some(known, "removed", ...nodeRoles);
  if (gone.length === 0) return [];
  const { drain } = after.rollout;
  return [
    step(
      `${keys(gone)}: the balancers are told, requests under way end (at most ${formatDuration(drain)})${sessions(after, gone, ", their sessions move")}, and the ${plural(gone.length, "node")} ${gone.length === 1 ? "goes" : "go"} last`,
      none,
      { low: 0, high: after.balancers.length * drain },
    ),
  ];
}
