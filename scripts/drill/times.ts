import type { ClusterPlan } from "../../components/plan/types.ts";
import { type Drill, usualRate } from "./drill.ts";
import { factsOf } from "./facts.ts";
import type { Facts } from "./facts-types.ts";
import type { FaultSpec } from "./faults/spec.ts";
import type { Figures } from "./figures.ts";
import type { Limit, LimitRule } from "./limits.ts";

/** How long everything of a drill takes on one stack. Milliseconds. */
export interface Times {
  /** Load alone before the first fault: what is normal, and what the balancers have to know of it. */
  readonly lead: number;
  /** From the fault to its healing. */
  readonly hold: number;
  /** Watched after it. */
  readonly settle: number;
  /** A client's patience. Shorter than every fault that holds requests, so that they end within the drill. */
  readonly patience: number;
  /** Longest wait until the cluster is whole. */
  readonly whole: number;
  /** Longest that a fault or its healing may take; some are a whole `up`. */
  readonly strike: number;
}

/** A drill, worked out for one stack. */
export interface Fitted {
  readonly drill: Drill;
  readonly rate: number;
  readonly facts: Facts;
  readonly times: Times;
  readonly fault: FaultSpec;
  readonly limits: readonly Limit[];
}

/** What a drill takes at least; a stack of slow timers makes it longer. */
const least = { lead: 1500, patience: 3000, whole: 60_000, strike: 300_000 } as const;
/** Until a server that has its power again answers: big ones test their memory for minutes. */
const longestBoot = 1_200_000;
/** Beyond what the timers say: while the fault lasts, after it, of a client's patience, of a fault that holds requests. */
const room = { hold: 500, settle: 400, patience: 500, held: 1000 } as const;
/** A drill that had to hold a fault longer is none: who watches it thinks that it hangs. */
export const longestHold = 300_000;

/** What of the figures is over before the healing begins, and what comes after it. */
const within: ReadonlySet<keyof Figures["measures"]> = new Set([
  "detect",
  "recover",
  "failing",
  "gap",
  "gap.p99",
  "standby",
  "cold",
]);
const afterwards: ReadonlySet<keyof Figures["measures"]> = new Set(["gap.heal", "split.after"]);

/**
 * A drill with its limits and times on a plan; null where the timers of the plan say nothing of its fault.
 *
 * @param wanted requests a second instead of the drill's own
 */
export function fitted(drill: Drill, plan: ClusterPlan, pool: string, wanted?: number): Fitted | null {
  const rate = wanted ?? drill.rate ?? usualRate;
  const first = factsOf(drill, plan, pool, { rate, hold: drill.hold });
  if (first === null) return null;
  const times = timesOf(drill, first);
  // What two balancers that lose each other cost grows with the time.
  const facts = factsOf(drill, plan, pool, { rate, hold: times.hold }) ?? first;
  return { drill, rate, facts, times, fault: faultFor(facts), limits: limitsFor(drill.limits, facts) };
}

function limitsFor(rules: readonly LimitRule[], facts: Facts): Limit[] {
  return rules.map((rule) => (typeof rule === "function" ? rule(facts) : rule));
}

/** A node that is slow must be slower than everybody bears. */
function faultFor({ fault, silentWait, health }: Facts): FaultSpec {
  if (fault.kind !== "slow") return fault;
  const bears = Math.max(silentWait, health.timeout);
  return { ...fault, milliseconds: Math.max(fault.milliseconds, 2 * bears) };
}

function timesOf(drill: Drill, facts: Facts): Times {
  const limits = limitsFor(drill.limits, facts);
  const longest = (of: ReadonlySet<string>) =>
    Math.max(0, ...limits.map(({ measure, expected = 0 }) => (of.has(measure) ? expected : 0)));
  const { forecast, health, calm, silence, rollout, active } = facts;
  const patience = Math.max(least.patience, (forecast.worst?.high ?? 0) + room.patience);
  const split = limits.find(({ measure }) => measure === "split")?.least ?? 0;
  const needed = [
    longest(within) + room.hold,
    ...(holdsRequests(drill.fault) ? [patience + room.held] : []),
    // Both have the address only once the other one has missed the adverts.
    ...(split === 0 ? [] : [3 * facts.advertise + facts.advertise + split + room.hold]),
  ];
  const ofAddress = limits.some(({ measure }) => measure === "holders.after");
  const back = Math.max(longest(afterwards), ofAddress ? facts.advertise : 0) + room.settle;
  const again = health.rise * health.interval + health.timeout;
  return {
    lead: Math.max(least.lead, facts.learning),
    hold: drill.hold === 0 ? 0 : Math.max(drill.hold, ...needed),
    settle: Math.max(drill.settle, back),
    patience,
    whole: least.whole + silence.high + again + calm,
    strike:
      (drill.fault.kind === "cut" ? longestBoot : least.strike) +
      (active + 1) * (again + 2 * rollout.step + rollout.drain),
  };
}

/** Whether requests wait at what is broken until they are given up or it is whole again. */
function holdsRequests({ kind }: FaultSpec): boolean {
  return (
    kind === "freeze" || kind === "slow" || kind === "disconnect" || kind === "cut" || kind === "partition"
  );
}
