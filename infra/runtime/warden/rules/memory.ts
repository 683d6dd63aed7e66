import { own } from "../own.ts";
import type { MemberSeen, NodeMemory, Observation, State, WardenEvent } from "../types.ts";

export const noMemory: NodeMemory = {
  lostSince: null,
  wellSince: null,
  idleSince: null,
  tries: 0,
  triedAt: null,
  startingSince: null,
  offAt: null,
};

/** Whether requests can't be served there: by checks, by a request, or because its machine is off. */
export function isLost(member: MemberSeen, observation: Observation): boolean {
  const power = own(observation.power, member.key);
  return member.healthy === false || member.mark === "lost" || power === "off" || power === "paused";
}

export function isWell(member: MemberSeen, observation: Observation): boolean {
  return member.healthy === true && member.mark === null && !isLost(member, observation);
}

/** What was seen, in words. */
export function whyLost(member: MemberSeen, observation: Observation): string {
  const power = own(observation.power, member.key);
  if (power === "off") return "it does not run";
  if (power === "paused") return "it is frozen";
  if (member.mark === "lost") return "a request found no connection";
  return "its checks fail";
}

/** The next memory of a node: since when it is lost, well, idle; tries are forgotten once one has proved a success. */
export function remember(
  before: NodeMemory,
  member: MemberSeen,
  observation: Observation,
  calm: number,
  now: number,
): NodeMemory {
  const wellSince = isWell(member, observation) ? (before.wellSince ?? now) : null;
  const { desiredRole, role } = member;
  // A cold standby that was well until nobody needed it any more was started with success, however short it served.
  const sentHome = desiredRole === "cold" && role === "cold" && before.wellSince !== null;
  const proven = sentHome || (wellSince !== null && now - wellSince >= calm);
  const power = own(observation.power, member.key);
  const on = power === "running" || power === "paused";
  const idle = desiredRole === "cold" && role === "cold" && on;
  return {
    lostSince: isLost(member, observation) ? (before.lostSince ?? now) : null,
    wellSince,
    idleSince: idle ? (before.idleSince ?? now) : null,
    tries: proven ? 0 : before.tries,
    triedAt: proven ? null : before.triedAt,
    // What is off begins to start with the moment in which it is on.
    startingSince:
      wellSince !== null ? null : power === "off" || power === "busy" ? now : before.startingSince,
    offAt: power === "off" ? now : wellSince !== null ? null : before.offAt,
  };
}

/** `lost` and `back` as they happen. A cold standby is told of once it answers: before, nobody expects it to. */
export function healthEvents(
  pool: string,
  member: MemberSeen,
  [before, after]: readonly [NodeMemory, NodeMemory],
  observation: Observation,
): WardenEvent[] {
  const node = member.key;
  if (member.desiredRole === "cold") return coldEvents(pool, member, [before, after], observation);
  if (after.lostSince !== null && before.lostSince === null)
    return [{ event: "lost", pool, node, why: whyLost(member, observation) }];
  if (after.lostSince === null && before.lostSince !== null)
    return [{ event: "back", pool, node, why: "it answers again" }];
  return [];
}

function coldEvents(
  pool: string,
  member: MemberSeen,
  [before, after]: readonly [NodeMemory, NodeMemory],
  observation: Observation,
): WardenEvent[] {
  if (member.role === "cold" || (before.wellSince === null) === (after.wellSince === null)) return [];
  if (after.wellSince !== null) return [{ event: "back", pool, node: member.key, why: "it answers" }];
  if (after.lostSince === null) return [];
  return [{ event: "lost", pool, node: member.key, why: whyLost(member, observation) }];
}

/** The address, the lease and maintenance, when they have changed. The last one is told once, by who leads. */
export function surroundingEvents(before: State, observation: Observation): WardenEvent[] {
  const events: WardenEvent[] = [];
  if (before.leader !== observation.leader) {
    events.push({
      event: "address",
      why: observation.leader
        ? "the balancer beside it holds the virtual address: it acts on machines"
        : "another balancer holds the virtual address: it only watches",
    });
  }
  if (before.lease !== observation.lease) {
    events.push({
      event: "lease",
      why:
        observation.lease === null
          ? "nobody changes the cluster any more"
          : `${observation.lease} changes the cluster: nothing is started, stopped or demoted`,
    });
  }
  if (observation.leader && before.maintenance !== observation.maintenance) {
    events.push({
      event: "maintenance",
      why:
        observation.maintenance === null
          ? "clients are served again"
          : `clients are answered 503: maintenance by ${observation.maintenance}`,
    });
  }
  return events;
}
