import type { AwsSpec } from "../../../model/spec.ts";
import type { Range } from "../../forecast-types.ts";
import type { GroupPlan } from "../../groups/types.ts";
import { hoursPerMonth, prices, type RegionPrices, trailEvents } from "./prices.ts";
import { followerInterval } from "./timers.ts";
import type { CostPlan, TrafficCost, VpcPlan } from "./types.ts";

/*
 * What depends on the load. The rates are AWS's (pricing pages of Elastic Load Balancing, EC2, CloudWatch, CloudTrail); what a request
 * is like is an average that nobody has measured for a stack that isn't there, and so the answer is a range.
 */

const seconds = hoursPerMonth * 3600;
const gibibyte = 1024 ** 3;

/** Bytes of a request: its line and headers, and a small body now and then. */
const requestBytes = 600;
/** Bytes of a line of the balancers' access log (what nginx writes of a request with a path of 40), and what CloudWatch counts on top of each. */
const lineBytes = 380 + 26;
/** CloudWatch keeps logs compressed, and reckons with this (CloudWatch pricing). */
const keptShare = 0.15;
/** Connections of a request: clients that keep theirs, and those that make one for each. */
const connectionsPerRequest: Range = { low: 0.05, high: 1 };
/** What one capacity unit takes (Elastic Load Balancing pricing, NLCU): new connections a second, and GB an hour. */
const unit = { tcp: 800, tls: 50, gigabytes: 1 };
/** Bytes of one question of the follower and its answer, and of each machine in the answer. */
const roundBytes = { all: 3000, machine: 1500 };
/** GB to the internet that an account has free each month (EC2 pricing, Data transfer). */
const freeGigabytes = 100;

type Platform = Pick<AwsSpec, "region" | "traffic" | "monitoring">;

/** What comes on top of what stands. */
export function estimateTraffic(
  platform: Platform,
  groups: readonly GroupPlan[],
  vpc: VpcPlan,
  endsAtFront: boolean,
): CostPlan["traffic"] {
  const { low, high, answer } = platform.traffic;
  const region = prices[platform.region];
  const items = region === undefined ? [] : itemsOf(platform, groups, vpc, endsAtFront, region);
  const sum = (of: keyof Range) =>
    cents(items.reduce((all, { usdPerMonth }) => all + (usdPerMonth?.[of] ?? 0), 0));
  return {
    requests: { low, high },
    answer,
    items,
    total: region === undefined ? null : { low: sum("low"), high: sum("high") },
  };
}

function itemsOf(
  { traffic, monitoring }: Platform,
  groups: readonly GroupPlan[],
  vpc: VpcPlan,
  endsAtFront: boolean,
  price: RegionPrices,
): TrafficCost[] {
  const machines = groups.reduce((sum, { count }) => sum + count.desired, 0);
  const balancers = groups
    .filter(({ role }) => role === "balancer")
    .reduce((sum, { count }) => sum + count.desired, 0);
  const zones = vpc.zones.length;
  /** Part of what goes from one machine to another that goes to another zone. */
  const across = (zones - 1) / zones;
  const rounds = (balancers * seconds * 1000) / followerInterval;
  const roundsBytes = (rounds * (roundBytes.all + machines * roundBytes.machine)) / gibibyte;
  const of = (rate: keyof Range) => {
    const requests = traffic[rate] * seconds;
    const logs = (requests * lineBytes) / gibibyte;
    const moved = (requests * (requestBytes + traffic.answer)) / gibibyte;
    const answers = (requests * traffic.answer) / gibibyte;
    const connections = traffic[rate] * connectionsPerRequest[rate];
    const units = Math.max(
      moved / hoursPerMonth / unit.gigabytes,
      connections / (endsAtFront ? unit.tls : unit.tcp),
    );
    return {
      logs: logs * (price.logGb + (keptShare * price.logGbMonth * monitoring.logDays) / 30),
      out: Math.max(0, answers - (rate === "low" ? freeGigabytes : 0)) * price.outGb,
      // From the load balancer to a balancer, and from there to a node, paid at either end.
      zones: moved * across * 2 * 2 * price.zoneGb,
      units: units * hoursPerMonth * price.balancerUnit,
      nat: (logs + roundsBytes) * price.natGb,
      trail: rate === "low" ? 0 : (rounds / 100_000) * trailEvents,
    };
  };
  const [low, high] = [of("low"), of("high")];
  const item = (what: string, key: keyof typeof low): TrafficCost => ({
    what,
    usdPerMonth: { low: cents(low[key]), high: cents(high[key]) },
  });
  return [
    item("access logs in CloudWatch", "logs"),
    item("answers to the internet", "out"),
    item("between zones", "zones"),
    item("capacity units of the load balancer", "units"),
    ...(vpc.kind === "own" && vpc.nat !== "none"
      ? [item("logs and followers' questions through NAT", "nat")]
      : []),
    item("followers' questions in a second trail of CloudTrail, if there is one", "trail"),
  ];
}

const cents = (amount: number) => Math.round(amount * 100) / 100;
