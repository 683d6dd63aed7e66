import { own } from "../own.ts";
import type { Action, MemberSeen } from "../types.ts";
import { isWell, whyLost } from "./memory.ts";
import { mayTry, powerLag, startupOf } from "./tries.ts";
import type { PoolView } from "./view.ts";

/*
 * Pools whose lost nodes have to be off before a standby takes their place: whoever doesn't answer may still write. A fence takes a node
 * away for good, so there is never one that no standby makes up for, and none where the nodes are hardly what is wrong.
 */

export const isFenced = ({ name, timers }: PoolView) => timers.fence?.includes(name) === true;

/** Lost nodes whose place may be taken: of a pool that is fenced those that are known to be off, or that a person has taken out. */
export function replaceable(view: PoolView, lost: readonly MemberSeen[]): readonly MemberSeen[] {
  return isFenced(view) ? lost.filter((member) => isOff(view, member)) : lost;
}

/** What is done so that lost nodes are off. It waits as long as the start of a standby would. */
export function fencesOf(
  view: PoolView,
  lost: readonly MemberSeen[],
  promoted: ReadonlyMap<string, string>,
): readonly Action[] {
  const { name, observation, memory } = view;
  if (!isFenced(view) || !observation.leader || observation.lease !== null) return [];
  if (hasCommonCause(view)) return [];
  const on = lost.filter((member) => !isOff(view, member));
  const under = on.filter((member) => isUnderWay(view, member));
  const waiting = Math.max(0, lost.length - on.length - promoted.size);
  const most = freeStandbys(view, promoted) - waiting - under.length;
  return on
    .filter((member) => !under.includes(member) && isDue(view, member))
    .sort((a, b) => memory(a.key).tries - memory(b.key).tries)
    .slice(0, Math.max(0, most))
    .map((member) => ({
      kind: "fence",
      node: member.key,
      pool: name,
      why: `it may still write: ${whyLost(member, observation)}`,
    }));
}

const isOff = ({ observation }: PoolView, { key, out }: MemberSeen) =>
  out || own(observation.power, key) === "off";

/** A pool of which no node that should serve is well has lost its network, its database or its release; no power that is cut cures that. */
function hasCommonCause({ members, observation }: PoolView): boolean {
  const serving = members.filter(({ role, out }) => role === "active" && !out);
  return serving.length > 1 && !serving.some((member) => isWell(member, observation));
}

/** Whether a fence is being done, or was a moment ago: what is known of its power may be from before. */
function isUnderWay({ observation, memory, timers, now }: PoolView, { key }: MemberSeen): boolean {
  const remembered = memory(key);
  const { triedAt } = remembered;
  if (own(observation.power, key) === "busy") return true;
  return triedAt !== null && now - triedAt < powerLag && !mayTry(remembered, timers, now);
}

function isDue(view: PoolView, { key }: MemberSeen): boolean {
  const { name, timers, memory, now } = view;
  const remembered = memory(key);
  const { lostSince, offAt } = remembered;
  if (lostSince === null || now - lostSince < timers.coldAfter) return false;
  // Somebody has switched it on, and it still boots.
  if (offAt !== null && now - offAt < startupOf(timers, name)) return false;
  return mayTry(remembered, timers, now);
}

/** Cold standbys that could take a place: nobody's yet, and off or ready to serve. */
function freeStandbys({ members, observation, timers }: PoolView, promoted: ReadonlyMap<string, string>) {
  const free = members.filter(
    (member) =>
      member.desiredRole === "cold" &&
      !member.out &&
      !promoted.has(member.key) &&
      (own(observation.power, member.key) === "off" || isWell(member, observation)),
  );
  return Math.min(free.length, timers.limit - promoted.size);
}
