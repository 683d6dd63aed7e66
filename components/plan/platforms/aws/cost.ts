import { instanceType } from "../../../model/platforms/aws/instances.ts";
import type { AwsSpec } from "../../../model/spec.ts";
import type { GroupPlan } from "../../groups/types.ts";
import {
  alarmMonth,
  dashboardMonth,
  detailedMetrics,
  hoursPerMonth,
  metricMonth,
  prices,
  pricesDate,
  publicAddressHour,
  type RegionPrices,
} from "./prices.ts";
import { estimateTraffic } from "./traffic-cost.ts";
import type { CostItem, CostPlan, VpcPlan } from "./types.ts";

type Place = Pick<AwsSpec, "region" | "disk">;

/** A group's machines may have a disk of their own. */
export const placeOf = (platform: Place, { disk }: Pick<GroupPlan, "disk">): Place =>
  disk === undefined ? platform : { region: platform.region, disk: disk.size * 1024 ** 3 };

/** What a month costs, by the dated table of prices.ts, with each group at the number of machines that `up` asks for. */
export function estimateCost(
  platform: AwsSpec,
  groups: readonly GroupPlan[],
  vpc: VpcPlan,
  alarms: number,
  /** Whether TLS ends at the load balancer, whose capacity units then take fewer connections. */
  endsAtFront: boolean,
): CostPlan {
  const region = prices[platform.region];
  const items = [
    ...groups.flatMap((group) => groupItems(placeOf(platform, group), group)),
    ...frontItems(region, platform.front.internal ? 0 : vpc.zones.length),
    ...vpcItems(region, vpc),
    item(watching, "alarms in CloudWatch", alarms, alarmMonth),
    item(watching, "dashboard in CloudWatch", 1, dashboardMonth),
    ...metricItems(groups),
  ];
  return {
    items,
    parts: partsOf(items),
    total: sumOf(items),
    traffic: estimateTraffic(platform, groups, vpc, endsAtFront),
    date: pricesDate,
    without: [
      "metrics of the machines' memory and disks",
      "packages that machines fetch, and flow logs",
      ...(groups.some(({ disk }) => disk !== undefined && (disk.iops > 3000 || disk.throughput > 125))
        ? ["what disks cost beyond 3,000 operations and 125 MiB a second"]
        : []),
      ...(platform.front.dns === null ? [] : ["the hosted zone of the name; queries of the alias are free"]),
      ...(groups.some(({ targets }) => targets.length > 0) ? ["machines beyond the numbers above"] : []),
      ...(groups.some(({ spot }) => spot !== null) ? ["what Spot saves: all counted on demand"] : []),
    ],
  };
}

const [balancers, network, watching] = ["balancers", "network", "watching"] as const;

/** What the groups' tiers and each kind of standby cost, in the items' order. */
function partsOf(items: readonly CostItem[]): CostPlan["parts"] {
  const parts = Map.groupBy(items, ({ part }) => part);
  return [...parts].map(([part, own]) => ({
    part,
    usdPerMonth: own.some(({ usdPerMonth }) => usdPerMonth === null) ? null : sumOf(own),
  }));
}

function sumOf(items: readonly CostItem[]): number {
  return cents(items.reduce((sum, { usdPerMonth }) => sum + (usdPerMonth ?? 0), 0));
}

function partOf({ role, pool }: GroupPlan): string {
  if (pool === null) return balancers;
  return role === "hot" ? `hot standbys of ${pool}` : `pool ${pool}`;
}

function groupItems(platform: Place, group: GroupPlan): CostItem[] {
  const { count, machine, waiting, key } = group;
  const items = [
    {
      part: partOf(group),
      what: `${key}: ${machine.type} with ${gibibytes(platform)} GB of disk`,
      quantity: count.desired,
      usdPerMonth: machineCost(platform, machine.type, count.desired),
    },
  ];
  if (waiting === null) return items;
  const running = waiting.state === "running" ? waiting.count : 0;
  return [
    ...items,
    {
      part: `${waiting.state} standbys of ${group.pool}`,
      what: `${key}: ${waiting.state} machines of the warm pool${running > 0 ? "" : ", their disks"}`,
      quantity: waiting.count,
      usdPerMonth: machineCost(platform, machine.type, running, waiting.count),
    },
  ];
}

/** USD a month of so many running machines and the disks of so many (all of them, if not said); null without a price. */
export function machineCost(platform: Place, type: string, running: number, disks = running): number | null {
  const region = prices[platform.region];
  const hour = region === undefined ? null : typeHour(region, type);
  if (region === undefined || (hour === null && running > 0)) return null;
  return cents(running * (hour ?? 0) * hoursPerMonth + disks * gibibytes(platform) * region.disk);
}

/** An hour of a type: its family's `large`, by vCPUs; for T types, which all have two, by memory. */
function typeHour(region: RegionPrices, name: string): number | null {
  const [family = ""] = name.split(".");
  const large = region.large[family];
  const [type, base] = [instanceType(name), instanceType(`${family}.large`)];
  if (large === undefined || type === null || base === null) return null;
  return large * (type.burstable ? type.memory / base.memory : type.vcpus / base.vcpus);
}

function frontItems(region: RegionPrices | undefined, zones: number): CostItem[] {
  return [
    item(balancers, "Network Load Balancer", 1, hourly(region?.balancerHour)),
    ...(zones === 0
      ? []
      : [item(balancers, "public addresses of the load balancer", zones, hourly(publicAddressHour))]),
  ];
}

function vpcItems(region: RegionPrices | undefined, vpc: VpcPlan): CostItem[] {
  if (vpc.kind === "adopted") return [];
  const gateways = vpc.nat === "none" ? 0 : vpc.nat === "one" ? 1 : vpc.zones.length;
  const endpoints = vpc.endpoints.filter((name) => name !== "s3").length * vpc.zones.length;
  return [
    ...(gateways === 0
      ? []
      : [
          item(network, "NAT gateways", gateways, hourly(region?.natHour)),
          item(network, "public addresses of the NAT gateways", gateways, hourly(publicAddressHour)),
        ]),
    ...(endpoints === 0
      ? []
      : [item(network, "interface endpoints, one a zone each", endpoints, hourly(region?.endpointHour))]),
  ];
}

/** By the minute, as scaling and alarms need them; and what the balancers publish: requests, errors and latency of each pool. */
function metricItems(groups: readonly GroupPlan[]): CostItem[] {
  const machines = groups.reduce(
    (sum, { count, waiting }) => sum + count.desired + (waiting?.state === "running" ? waiting.count : 0),
    0,
  );
  const pools = groups.filter(({ role }) => role === "active").length;
  return [
    item(watching, "machines' metrics by the minute", machines, detailedMetrics * metricMonth),
    item(watching, "metrics of the balancers", 3 * pools, metricMonth),
  ];
}

const hourly = (price: number | undefined) => (price === undefined ? null : price * hoursPerMonth);

function item(part: string, what: string, quantity: number, each: number | null): CostItem {
  return { part, what, quantity, usdPerMonth: each === null ? null : cents(quantity * each) };
}

const gibibytes = ({ disk }: Place) => Math.ceil(disk / 1024 ** 3);
const cents = (amount: number) => Math.round(amount * 100) / 100;
