import type { AwsSpec, ClusterSpec, PoolSpec } from "../../model/spec.ts";
import type { GroupPlan, StandbyMechanism } from "../group-types.ts";
import { machineCost } from "./cost.ts";

/*
 * How a pool outlives the loss of a node, and how long each way takes until its capacity is whole. Ranges from what AWS
 * documents and reports; none of it is promised by anybody.
 *
 * - A lost node gets no more requests after the balancers' own checks have failed; the group hears of it from the target group's
 *   checks: every 10 s, two failed ones (group.ts of the adapter), so 10–20 s.
 * - A stopped machine of a warm pool serves about 30 s after it is asked for (AWS at the launch of warm pools, 2021); one that
 *   has to boot and start something slow takes longer.
 * - A new machine: launch and boot 30–60 s, then the packages and the start of the service.
 */
const detection = { low: 10_000, high: 20_000 } as const;
const starts = {
  running: { low: 5_000, high: 20_000 },
  hibernated: { low: 20_000, high: 60_000 },
  stopped: { low: 25_000, high: 60_000 },
  launch: { low: 60_000, high: 240_000 },
} as const;

const words = {
  running: "the group takes a running machine from its warm pool",
  hibernated: "the group wakes a hibernated machine of its warm pool",
  stopped: "the group starts a stopped machine of its warm pool",
  launch: "the group launches a new machine",
} as const;

/** How each pool outlives a loss: what serves at once first, then what makes the capacity whole. */
export function standbyMechanisms(
  spec: ClusterSpec,
  platform: AwsSpec,
  groups: readonly GroupPlan[],
): StandbyMechanism[] {
  return Object.entries(spec.pools).flatMap(([name, pool]) => {
    const own = groups.filter((group) => group.pool === name);
    const of = (role: GroupPlan["role"]) => own.filter((group) => group.role === role);
    return [
      ...of("hot").map((group) => hotStandby(platform, name, pool, group)),
      ...of("active").map((group) => ownWay(platform, name, group)),
    ];
  });
}

function hotStandby(platform: AwsSpec, name: string, pool: PoolSpec, group: GroupPlan): StandbyMechanism {
  const { interval, fall, timeout } = pool.health;
  return {
    pool: name,
    kind: "hot",
    count: group.count.desired,
    mechanism:
      "a group of running machines behind the balancers, which let them serve when active nodes are lost",
    takes: { low: 0, high: Math.round(interval * fall + timeout) },
    usdPerMonth: machineCost(platform, group.machine.type, group.count.desired),
  };
}

/** What the active group does by itself. */
function ownWay(platform: AwsSpec, name: string, { waiting, machine }: GroupPlan): StandbyMechanism {
  const kind = waiting?.state ?? "launch";
  const running = kind === "running" ? (waiting?.count ?? 0) : 0;
  return {
    pool: name,
    kind,
    count: waiting?.count ?? 0,
    mechanism: words[kind],
    takes: { low: detection.low + starts[kind].low, high: detection.high + starts[kind].high },
    // A machine that doesn't run costs its disk alone.
    usdPerMonth: machineCost(platform, machine.type, running, waiting?.count ?? 0),
  };
}
