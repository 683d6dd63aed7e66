import { own } from "../own.ts";
import type { Action, MemberSeen } from "../types.ts";
import { missing, unproven } from "./cover.ts";
import { isWell } from "./memory.ts";
import { mayTry, startupOf } from "./tries.ts";
import type { PoolView } from "./view.ts";

/*
 * What is done to machines, besides starting cold standbys: dead ones are started, frozen ones thawed, ones that run and
 * stay unhealthy restarted, cold ones that nobody needs stopped. Only by the leader and while nobody changes the cluster.
 */

/** How long a demoted standby may finish its requests before it is switched off all the same. */
export const drainPatience = 10_000;
/** A demoted standby is left running at least so long: every worker of the balancer has heard of it by then. */
export const idleTime = 1_000;

export function powerActions(view: PoolView, promoted: ReadonlyMap<string, string>): Action[] {
  const { observation } = view;
  if (!observation.leader || observation.lease !== null || observation.power === null) return [];
  return [...repairs(view, promoted), ...switchOffs(view, promoted)];
}

function repairs(view: PoolView, promoted: ReadonlyMap<string, string>): Action[] {
  const actions: Action[] = [];
  // A pool whose members all fail has a common cause, which no restart cures; and one restart at a time keeps the rest.
  let mayRestart = view.members.some((member) => isWell(member, view.observation));
  for (const member of view.members) {
    const shouldRun = member.desiredRole !== "cold" || promoted.has(member.key);
    if (!shouldRun || member.out) continue;
    const action = repair(view, member);
    if (action === null || (action.kind === "restart" && !mayRestart)) continue;
    if (action.kind === "restart") mayRestart = false;
    actions.push(action);
  }
  return actions;
}

function repair({ name, observation, memory, timers, now }: PoolView, member: MemberSeen): Action | null {
  const remembered = memory(member.key);
  if (remembered.lostSince === null || !mayTry(remembered, timers, now)) return null;
  const lostFor = now - remembered.lostSince;
  const make = (kind: Action["kind"], why: string): Action => ({ kind, node: member.key, pool: name, why });
  switch (own(observation.power, member.key)) {
    case "off":
      // What was fenced stays off until a person, or an `up`, switches it on: nobody knows yet why it was lost.
      if (timers.fence?.includes(name) === true && member.desiredRole === "active") return null;
      return lostFor < timers.restart.after ? null : make("start", "it should run and does not");
    case "paused":
      return lostFor < timers.restart.unhealthyAfter ? null : make("unpause", "it is frozen");
    case "running": {
      const { startingSince } = remembered;
      const starts = startingSince !== null && now - startingSince < startupOf(timers, name);
      const long = member.healthy === false && !starts && lostFor >= timers.restart.unhealthyAfter;
      return long
        ? make("restart", `it runs and has failed its checks for ${Math.round(lostFor / 1000)} s`)
        : null;
    }
    default:
      return null;
  }
}

function switchOffs(view: PoolView, promoted: ReadonlyMap<string, string>): Action[] {
  const { name, members, memory, now, observation } = view;
  if (missing(view).length > 0 || unproven(view).length > 0) return [];
  return members
    .filter((member) => {
      const { idleSince } = memory(member.key);
      if (promoted.has(member.key) || member.out || idleSince === null) return false;
      const idleFor = now - idleSince;
      return member.inFlight === 0 ? idleFor >= idleTime : idleFor >= drainPatience;
    })
    .map(({ key }) =>
      // A frozen one would hear no signal and be killed after its whole time.
      own(observation.power, key) === "paused"
        ? { kind: "unpause", node: key, pool: name, why: "a cold standby that is frozen and shall stop" }
        : { kind: "stop", node: key, pool: name, why: "a cold standby that nobody needs" },
    );
}
