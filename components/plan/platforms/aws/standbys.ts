import type { AwsSpec, ClusterSpec, PoolSpec } from "../../../model/spec.ts";
import { formatDuration } from "../../../model/units.ts";
import { plus, type Range } from "../../forecast-types.ts";
import type { GroupPlan } from "../../groups/types.ts";
import { machineCost, placeOf } from "./cost.ts";
import { followerRound, groupNotices, type Start, startOf } from "./timers.ts";
import type { ProbePlan, StandbyMechanism } from "./types.ts";

/*
 * How a pool outlives the loss of a node, and how long each way takes until its capacity is whole; the times are in timers.ts.
 */

const words: Readonly<Record<Start, string>> = {
  running: "the group takes a running machine from its warm pool",
  hibernated: "the group wakes a hibernated machine of its warm pool",
  stopped: "the group starts a stopped machine of its warm pool",
  launch: "the group launches a new machine",
};

/** How each pool outlives a loss: what serves at once first, then what makes the capacity whole. */
export function standbyMechanisms(
  spec: ClusterSpec,
  platform: AwsSpec,
  groups: readonly GroupPlan[],
  probe: ProbePlan,
): StandbyMechanism[] {
  const notices = groupNotices(probe);
  return Object.entries(spec.pools).flatMap(([name, pool]) => {
    const own = groups.filter((group) => group.pool === name);
    const of = (role: GroupPlan["role"]) => own.filter((group) => group.role === role);
    return [
      ...of("hot").map((group) => hotStandby(platform, name, pool, group, notices)),
      ...of("active").flatMap((group) => ownWays(platform, name, group, notices)),
    ];
  });
}

function hotStandby(
  platform: AwsSpec,
  name: string,
  pool: PoolSpec,
  group: GroupPlan,
  notices: Range,
): StandbyMechanism {
  const { interval, fall, timeout } = pool.health;
  const alone = formatDuration(Math.round(interval * fall + timeout));
  return {
    pool: name,
    kind: "hot",
    count: group.count.desired,
    mechanism: `a group of running machines behind the balancers: serves within ${alone} when no active node can, and along with the others when the group counts one out`,
    takes: plus(notices, followerRound),
    usdPerMonth: machineCost(placeOf(platform, group), group.machine.type, group.count.desired),
  };
}

/** What the active group does by itself: from its warm pool, and by a new machine where nobody waits or all are taken. */
function ownWays(platform: AwsSpec, name: string, group: GroupPlan, notices: Range): StandbyMechanism[] {
  const { waiting, machine } = group;
  const of = (kind: Start, count: number): StandbyMechanism => ({
    pool: name,
    kind,
    count,
    mechanism: words[kind],
    takes: plus(notices, startOf(group, kind)),
    // A machine that doesn't run costs its disk alone; that of a hibernated one holds its memory, and has its size anyway.
    usdPerMonth: machineCost(placeOf(platform, group), machine.type, kind === "running" ? count : 0, count),
  });
  return [...(waiting === null ? [] : [of(waiting.state, waiting.count)]), of("launch", 0)];
}
