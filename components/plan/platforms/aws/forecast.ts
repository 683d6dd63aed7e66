import { replacedAtOnce } from "../../../model/platforms/aws/refresh.ts";
import { balancerCount, poolCapacity } from "../../capacity.ts";
import {
  type CapacityAfterLoss,
  type CapacityLeft,
  during,
  eachClass,
  type Forecast,
  type ForecastLoad,
  harmless,
  nothing,
  plus,
  type Range,
  span,
  underWay,
} from "../../forecast-types.ts";
import type { GroupPlan } from "../../groups/types.ts";
import { restartPause } from "../../machines/timers.ts";
import type { ClusterPlan } from "../../types.ts";
import {
  balancerStart,
  followerRound,
  groupNotices,
  spotNotice,
  startOf,
  targetOut,
  zoneAddressGone,
} from "./timers.ts";
import type { AwsPlan } from "./types.ts";

/*
 * What faults cost where a Network Load Balancer stands in front and groups keep the machines. Of clients that never ask twice:
 *
 * - A connection belongs to one balancer for all of its life, a new one gets one by a hash of its addresses and ports (Elastic
 *   Load Balancing user guide, Routing algorithm). So a dead balancer's part of all requests is lost until the load balancer has
 *   seen it; then it answers what comes on such connections with a reset (Health checks for Network Load Balancer target groups).
 * - The load balancer has an address in each zone, and each reaches the balancers of all zones.
 * - Nodes are the balancers' affair, as everywhere: what a client feels of their loss is in forecast.ts.
 */

type Planned = Pick<ClusterPlan, "balancers" | "groups" | "nodes">;

/** What of a pool's capacity is missing after a loss, until its groups have made it whole; null where hot standbys fill it. */
export function capacityAfterLoss(plan: Planned, { front }: AwsPlan, pool: string): CapacityAfterLoss {
  const { active, hot } = poolCapacity(plan, pool);
  const group = plan.groups.find((candidate) => candidate.pool === pool && candidate.role === "active");
  if (group === undefined) return { one: null, all: null };
  const notices = groupNotices(front.probe);
  const one: CapacityLeft =
    // Until the balancers let a standby serve along, which they do when the group counts the lost one out.
    hot > 0
      ? { left: (active - 1) / active, until: plus(notices, followerRound) }
      : {
          left: (active - 1) / active,
          until: plus(notices, startOf(group, group.waiting?.state ?? "launch")),
        };
  // More are lost than wait.
  const all = { left: Math.min(1, hot / active), until: plus(notices, startOf(group, "launch")) };
  return { one, all: all.left === 1 ? null : all };
}

/** Faults of what only AWS has in front of the nodes and around them. */
export function platformFaults(plan: Planned, aws: AwsPlan, load: ForecastLoad): Forecast[] {
  const balancers = plan.groups.find(({ role }) => role === "balancer");
  if (balancers === undefined) return [];
  return [
    ...balancerFaults(balancers, aws, load),
    zoneLost(plan, aws, load),
    ...natLost(aws),
    ...spotTaken(plan, load),
    ...dependencyDown(plan, aws, load),
  ];
}

/** From a loss until the group has another machine in its place. */
function replaced(group: GroupPlan, { front }: AwsPlan): Range {
  return plus(groupNotices(front.probe), startOf(group, "launch"));
}

/** From a connection's closing until its client knows: a request that is sent meanwhile is refused. */
const closing: Range = span(0, 10);

function balancerFaults(group: GroupPlan, aws: AwsPlan, load: ForecastLoad): Forecast[] {
  const count = group.count.desired;
  const made = replaced(group, aws);
  const capacity = { left: (count - 1) / count, until: made };
  /** A balancer's part of the requests fails for so long; with one balancer everybody's, until there is one again. */
  const silent = (out: Range, again: Range = made) => {
    const gap = count === 1 ? again : out;
    return {
      noService: count === 1 ? again : nothing,
      lost: eachClass(load, (rate) => plus(during(rate / count, gap), underWay(rate / count, load.service))),
      worst: null,
    };
  };
  const lost = targetOut(aws.front.probe, true);
  const frozen = targetOut(aws.front.probe, false);
  const restarted = plus(span(restartPause), balancerStart);
  return [
    { id: "balancer-killed", title: "a balancer is lost", detect: lost, ...silent(lost), capacity },
    { id: "balancer-frozen", title: "a balancer is frozen", detect: frozen, ...silent(frozen), capacity },
    {
      id: "nginx-dead",
      title: "nginx of a balancer dies and is started again",
      detect: null,
      ...silent(restarted, restarted),
      capacity: null,
    },
    {
      ...harmless("balancer-rolled", "a balancer is replaced by a roll-out"),
      lost: eachClass(load, (rate) => during(rate / count, closing)),
    },
  ];
}

const isNatAlone = ({ vpc }: AwsPlan) => vpc.kind === "own" && vpc.nat === "one";

/** Machines that a zone has at most, where its group is spread evenly. */
const inOneZone = ({ count, zones }: GroupPlan) => Math.ceil(count.desired / zones.length) / count.desired;

function zoneLost(plan: Planned, aws: AwsPlan, load: ForecastLoad): Forecast {
  const zones = aws.vpc.zones.length;
  const active = plan.groups.find(({ pool, role }) => pool === load.pool && role === "active");
  const balancers = plan.groups.find(({ role }) => role === "balancer");
  const capacity = active === undefined ? null : afterZone(plan, active, aws);
  // One balancer may be in the zone, and so may all nodes.
  const isDark = balancerCount(plan) === 1 || capacity?.left === 0;
  const made = Math.max(
    ...[balancers, active].map((group) => (group === undefined ? 0 : replaced(group, aws).high)),
  );
  const out = targetOut(aws.front.probe, true);
  const atBalancers = balancers === undefined ? 0 : inOneZone(balancers);
  // Who has the zone's address meets nobody; of the others a part meets a balancer that was there.
  const missed = (rate: number) =>
    isDark
      ? during(rate, span(0, made))
      : plus(during(rate / zones, zoneAddressGone), during(rate * (1 - 1 / zones) * atBalancers, out));
  return {
    id: "zone-lost",
    // In that one's zone no machine starts elsewhere either: both faults at once.
    title: `a zone of ${zones} is lost${isNatAlone(aws) ? ", not the NAT gateway's" : ""}`,
    detect: out,
    noService: isDark ? span(0, made) : nothing,
    lost: eachClass(load, (rate) => plus(missed(rate), underWay(rate, load.service))),
    worst: null,
    capacity: capacity?.left === 1 ? null : capacity,
  };
}

/** Of a pool's capacity: hot standbys of the other zones serve along. */
function afterZone(plan: Planned, active: GroupPlan, aws: AwsPlan): CapacityLeft {
  const { hot } = poolCapacity(plan, active.pool ?? "");
  const standbys = hot - Math.ceil(hot / active.zones.length);
  const left = Math.min(1, 1 - inOneZone(active) + standbys / active.count.desired);
  return { left, until: replaced(active, aws) };
}

/**
 * Machines that serve need no way out but for what they call themselves; new ones do, and so do the balancers to hear of
 * changes: until then they keep the members that they know, and check them.
 */
function natLost({ vpc }: AwsPlan): Forecast[] {
  if (vpc.kind !== "own" || vpc.nat === "none") return [];
  const title = {
    one: "the only NAT gateway is lost: no machine starts",
    "per-zone": "a NAT gateway is lost: none starts in its zone",
  }[vpc.nat];
  return [harmless("nat-lost", title)];
}

/** How long what all nodes need is away, milliseconds. */
const outage = 60_000;

/**
 * All nodes are there and can't serve: the balancers send them requests all the same, since nobody is better, so it costs what needs
 * the database for as long as it is away. A group that asks a path hears of it as well, and once it has it replaces every node, even
 * if it answers again: new ones first, some at a time.
 */
function dependencyDown({ groups }: Planned, aws: AwsPlan, load: ForecastLoad): Forecast[] {
  const group = groups.find(({ pool, role }) => pool === load.pool && role === "active");
  const check = aws.front.checks.find((candidate) => candidate.group === group?.key);
  if (group === undefined || check === undefined) return [];
  const turns = Math.ceil(group.count.desired / replacedAtOnce(group.count.desired, 100));
  const minutes = Math.ceil((turns * startOf(group, "launch").high) / 60_000);
  const then =
    check.live === null
      ? "no node is replaced"
      : `if ${check.live} fails with it, all ${group.count.desired} nodes are replaced, for up to ${minutes} min`;
  return [
    {
      ...harmless("dependency-down", `a database that all nodes need is down for a minute: ${then}`),
      noService: span(0, outage),
      lost: eachClass(load, (rate) => during(rate, span(0, outage))),
    },
  ];
}

/** AWS says so two minutes before, the group looks for another at once, and the machine is drained like any that leaves. */
function spotTaken({ groups }: Planned, load: ForecastLoad): Forecast[] {
  const group = groups.find(({ pool, role }) => pool === load.pool && role === "active");
  if (group === undefined || group.spot === null || group.spot.onDemand >= group.count.desired) return [];
  const start = startOf(group, "launch");
  const gap = Math.max(0, start.high - spotNotice);
  return [
    {
      ...harmless("spot-taken", "AWS takes a Spot machine back"),
      capacity:
        gap === 0 ? null : { left: (group.count.desired - 1) / group.count.desired, until: span(0, gap) },
    },
  ];
}
