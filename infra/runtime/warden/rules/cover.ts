import { own } from "../own.ts";
import type { Action, MemberSeen, Observation, PoolMemory, WardenEvent } from "../types.ts";
import { fencesOf, isFenced, replaceable } from "./fence.ts";
import { isLost, isWell, whyLost } from "./memory.ts";
import { mayTry, powerLag, startupOf } from "./tries.ts";
import type { PoolView } from "./view.ts";

/*
 * Which standbys of a pool serve. What is lost is weighed, not counted: where weights are 3:2:1, who loses the first has lost
 * half, and needs standbys of weight 3. Promotion is at once and by what is seen now; release waits until the active nodes
 * have been well for `calm` without a break, so a node that comes and goes never makes a standby come and go.
 */

export interface Cover {
  /** Keys of the standbys that shall serve, with the reason of those that are new. */
  readonly promoted: ReadonlyMap<string, string>;
  readonly actions: readonly Action[];
  readonly events: readonly WardenEvent[];
  readonly memory: PoolMemory;
}

/** Active nodes that can't serve now. One that is just starting has lost nothing that a standby could make up for. */
export function missing(view: PoolView): MemberSeen[] {
  return view.members.filter(
    (member) =>
      member.desiredRole === "active" &&
      (member.out || (isLost(member, view.observation) && !isStarting(view, member))),
  );
}

/**
 * Whether an active node runs, has never been seen well, and may still take its time: right after the first `up`, when the balancers
 * let hot standbys serve by themselves as long as no active node does.
 */
function isStarting(
  { name, memory, observation, timers, now }: PoolView,
  { key, proven }: MemberSeen,
): boolean {
  const { startingSince } = memory(key);
  return (
    !proven &&
    own(observation.power, key) === "running" &&
    startingSince !== null &&
    now - startingSince < startupOf(timers, name)
  );
}

/** Active nodes that haven't been well for long enough to send a standby home. */
export function unproven({ members, memory, timers, now }: PoolView): MemberSeen[] {
  return members.filter((member) => {
    const { wellSince } = memory(member.key);
    return (
      member.desiredRole === "active" && (member.out || wellSince === null || now - wellSince < timers.calm)
    );
  });
}

export function cover(view: PoolView, before: PoolMemory): Cover {
  const { name, observation, timers, now } = view;
  const lost = replaceable(view, missing(view));
  const promoted = new Map(
    view.members
      .filter(
        ({ key, desiredRole }) =>
          desiredRole !== "active" && own(observation.overlay, key)?.role === "active",
      )
      .map(({ key }) => [key, own(observation.overlay, key)?.reason ?? ""]),
  );
  const fences = fencesOf(view, missing(view), promoted);
  const events: WardenEvent[] = [];
  const why = reason(lost, observation);
  const promote = (key: string) => {
    promoted.set(key, why);
    events.push({ event: "promote", pool: name, node: key, why });
  };
  const demote = (key: string, because: string) => {
    promoted.delete(key);
    events.push({ event: "demote", pool: name, node: key, why: because });
  };
  const need = weigh(lost);
  promoteHot(view, promoted, need, promote, demote);
  promoteRunningCold(view, promoted, need, promote);
  const stillShort = () => need > weigh(covering(view, promoted));
  const shortSince = stillShort() ? (before.shortSince ?? now) : null;
  const starts =
    shortSince !== null && (isFenced(view) || now - shortSince >= timers.coldAfter)
      ? startCold(view, promoted, need, why, promote)
      : [];
  release(view, promoted, demote);
  const told = shortEvents(view, before, { starts, isShort: stillShort(), why, shortSince }, events);
  return { promoted, actions: [...fences, ...starts], events, memory: { shortSince, told } };
}

function weigh(members: readonly MemberSeen[]): number {
  return members.reduce((sum, { weight }) => sum + weight, 0);
}

function reason(lost: readonly MemberSeen[], observation: Observation): string {
  return lost
    .map((member) => `${member.key}: ${member.out ? "taken out" : whyLost(member, observation)}`)
    .join("; ");
}

type Promoted = ReadonlyMap<string, string>;

/** Promoted standbys that serve. */
function serving({ members, observation }: PoolView, promoted: Promoted): MemberSeen[] {
  return members.filter((member) => {
    if (!promoted.has(member.key) || member.out) return false;
    return member.desiredRole === "hot" ? !isLost(member, observation) : isWell(member, observation);
  });
}

/** Promoted standbys that serve or are on their way to: no more are started for what these will cover. */
function covering(view: PoolView, promoted: Promoted): MemberSeen[] {
  const well = new Set(serving(view, promoted).map(({ key }) => key));
  return view.members.filter(
    (member) => well.has(member.key) || (promoted.has(member.key) && !member.out && isComing(view, member)),
  );
}

/** Whether a cold standby has been switched on and may still need a moment. */
function isComing(
  { name, observation, memory, timers, now }: PoolView,
  { key, desiredRole }: MemberSeen,
): boolean {
  if (desiredRole !== "cold") return false;
  const { triedAt, lostSince } = memory(key);
  const within = (since: number | null, time: number) => since !== null && now - since < time;
  const power = own(observation.power, key);
  if (power === "running" || power === "busy")
    return lostSince === null || within(lostSince, startupOf(timers, name));
  // What is known of its power may be from before the start.
  return within(triedAt, powerLag);
}

type Promote = (key: string) => void;
type Demote = (key: string, why: string) => void;

function promoteHot(
  view: PoolView,
  promoted: Promoted,
  need: number,
  promote: Promote,
  demote: Demote,
): void {
  const { members, observation, timers } = view;
  const free = members.filter(
    (member) =>
      member.desiredRole === "hot" && !promoted.has(member.key) && !member.out && isWell(member, observation),
  );
  for (const member of free) {
    if (weigh(serving(view, promoted)) >= need) return;
    if (promoted.size >= timers.limit) {
      // One that doesn't serve holds a place that a well one could have.
      const useless = members.find(({ key }) => promoted.has(key) && !serves(view, promoted, key));
      if (useless === undefined) return;
      demote(useless.key, `it does not serve: ${member.key} takes its place`);
    }
    promote(member.key);
  }
}

function serves(view: PoolView, promoted: Promoted, key: string): boolean {
  return serving(view, promoted).some((member) => member.key === key);
}

/** One that runs already (another warden, or a person, started it) costs nothing to use. */
function promoteRunningCold(view: PoolView, promoted: Promoted, need: number, promote: Promote): void {
  const { members, observation, timers } = view;
  let uncovered = need - weigh(covering(view, promoted));
  for (const { key, desiredRole, out, weight } of members) {
    if (uncovered <= 0 || promoted.size >= timers.limit) return;
    if (desiredRole !== "cold" || out || promoted.has(key)) continue;
    if (own(observation.power, key) !== "running") continue;
    promote(key);
    uncovered -= weight;
  }
}

function startCold(
  view: PoolView,
  promoted: Promoted,
  need: number,
  why: string,
  promote: Promote,
): Action[] {
  const { members, observation, timers, memory, now, name } = view;
  if (!observation.leader || observation.lease !== null) return [];
  const actions: Action[] = [];
  let uncovered = need - weigh(covering(view, promoted));
  for (const { key, desiredRole, out, weight } of members) {
    if (uncovered <= 0 || promoted.size >= timers.limit) break;
    if (desiredRole !== "cold" || out || promoted.has(key)) continue;
    if (own(observation.power, key) !== "off" || !mayTry(memory(key), timers, now)) continue;
    promote(key);
    actions.push({ kind: "start", node: key, pool: name, why });
    uncovered -= weight;
  }
  return actions;
}

/** Sends home what isn't needed: lost ones first, then cold, then hot. What serves and is left must weigh enough by itself. */
function release(view: PoolView, promoted: Promoted, demote: Demote): void {
  const { members, observation } = view;
  if (observation.lease !== null) return;
  const need = weigh(unproven(view));
  const rank = (member: MemberSeen) =>
    serves(view, promoted, member.key) ? (member.desiredRole === "cold" ? 1 : 2) : 0;
  const order = members
    .filter(({ key }) => promoted.has(key))
    .map((member) => ({ member, rank: rank(member) }))
    .reverse()
    .sort((a, b) => a.rank - b.rank);
  for (const { member, rank } of order) {
    const others = order.filter(({ member: { key } }) => key !== member.key && promoted.has(key));
    const left = others.filter((other) => rank === 0 || other.rank > 0).map((other) => other.member);
    if (weigh(left) >= need) demote(member.key, "the active nodes have been well for long enough");
  }
}

interface Shortage {
  readonly starts: readonly Action[];
  readonly isShort: boolean;
  readonly why: string;
  readonly shortSince: number | null;
}

/** Says once when nothing is left to cover with, and once when that is over. */
function shortEvents(
  { name, observation, timers, now }: PoolView,
  before: PoolMemory,
  { starts, isShort, why, shortSince }: Shortage,
  events: WardenEvent[],
): boolean {
  if (shortSince === null) {
    if (before.told) events.push({ event: "covered", pool: name, why: "it has all its capacity again" });
    return false;
  }
  const late = now - shortSince >= timers.coldAfter && observation.leader;
  if (before.told || !isShort || starts.length > 0 || !late) return before.told;
  events.push({ event: "short", pool: name, why: `no standby is left that could take over; ${why}` });
  return true;
}
