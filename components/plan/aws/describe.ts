import { formatDuration } from "../../model/units.ts";
import type { AwsPlan, CostItem, GroupPlan, ScalingTarget, StandbyMechanism } from "../group-types.ts";
import type { ClusterPlan } from "../types.ts";

/** The AWS part of a plan in words, a line a thing: network, front, groups, how losses are outlived, alarms, cost. */
export function describeAws({ groups, tier }: ClusterPlan, aws: AwsPlan): string[] {
  return [
    ...describeVpc(aws),
    `clients from ${aws.clients.join(", ")} ▶ Network Load Balancer ${aws.front.name} ${aws.front.listeners.map(({ port, protocol }) => `${protocol} ${port}`).join(", ")} ▶ group lb`,
    ...groups.map((group) => describeGroup(group, tier.httpPort)),
    ...aws.standbys.map(describeStandby),
    describeRefresh(groups),
    describeAlarms(aws),
    ...describeCost(aws),
  ];
}

function describeVpc({ vpc, region, account }: AwsPlan): string[] {
  const where = `region ${region}${account === null ? "" : `, account ${account}`}`;
  const zones = vpc.zones.map(
    (zone) => `  zone ${zone.name}: public ${zone.public}, private ${zone.private}`,
  );
  if (vpc.kind === "adopted") return [`${where}, adopted ${vpc.id}`, ...zones];
  const nat = {
    one: `one NAT gateway, in ${vpc.zones[0]?.name}`,
    "per-zone": "a NAT gateway in each zone",
    none: `no NAT; endpoints for ${vpc.endpoints.join(", ")}`,
  }[vpc.nat];
  const logs = vpc.flowLogs === 0 ? "" : `, flow logs kept ${vpc.flowLogs} days`;
  return [`${where}, VPC ${vpc.range}, ${nat}${logs}`, ...zones];
}

function describeGroup(group: GroupPlan, balancerPort: number): string {
  const { count, machine, zones, service } = group;
  const number =
    count.min === count.max ? `${count.desired}` : `${count.desired} (${count.min} to ${count.max})`;
  const parts = [
    `${machine.type} (${machine.architecture}, ${machine.vcpus} vCPU, ${machine.memory / 1024 ** 3} GiB${machine.metal ? ", bare metal" : ""})`,
    `zones ${zones.map((name) => name.slice(-1)).join(" ")}`,
    `port ${service.kind === "node" ? service.port : balancerPort}`,
    ...group.targets.map(describeTarget),
    ...(group.placement === "none" ? [] : [`placement ${group.placement}`]),
    ...(group.spot === null ? [] : [`Spot beyond ${group.spot.onDemand}, also ${machine.others.join(", ")}`]),
  ];
  return `group ${group.key}, ${group.role}: ${number} × ${parts.join("; ")}`;
}

function describeTarget(target: ScalingTarget): string {
  switch (target.kind) {
    case "cpu":
      return `follows ${target.percent} % CPU`;
    case "requests":
      return `follows ${target.perSecond} requests a second and node`;
    case "metric":
      return `follows ${target.statistic} ${target.namespace} ${target.name} at ${target.value}`;
    default:
      return target satisfies never;
  }
}

function describeStandby({ pool, kind, count, mechanism, takes, usdPerMonth }: StandbyMechanism): string {
  const number = kind === "launch" ? "no standby of its own" : `${count} ${kind}`;
  const price = usdPerMonth === null ? "no price known" : `$${usdPerMonth.toFixed(2)} a month`;
  return `a lost node of ${pool}, ${number}: ${mechanism}; ${seconds(takes)}${kind === "launch" ? "" : `; ${price}`}`;
}

function seconds({ low, high }: StandbyMechanism["takes"]): string {
  if (high < 1000) return `within ${high} ms`;
  return low === 0 ? `within ${high / 1000} s` : `${low / 1000} to ${high / 1000} s`;
}

function describeRefresh([group]: readonly GroupPlan[]): string {
  if (group === undefined) return "";
  const { healthyPercent, checkpoints, pause, patience, drain } = group.refresh;
  return `a change of machines rolls through each group with ${healthyPercent} % in service, stops ${formatDuration(pause)} at ${checkpoints.join(", ")} %, goes back by itself on an alarm; new machines have ${formatDuration(patience)} to get ready, old ones ${formatDuration(drain)} to finish`;
}

function describeAlarms({ monitoring }: AwsPlan): string {
  const to =
    monitoring.topic ??
    (monitoring.notify.length === 0 ? "a topic without subscribers" : monitoring.notify.join(", "));
  return `alarms to ${to}: ${monitoring.alarms.map(({ key }) => key).join(", ")}`;
}

function describeCost({ cost, region }: AwsPlan): string[] {
  const width = Math.max(...cost.items.map(({ what }) => what.length));
  const line = ({ what, quantity, usdPerMonth }: CostItem) =>
    `  ${what.padEnd(width)}  ${String(quantity).padStart(3)}  ${(usdPerMonth === null ? "no price" : `$${usdPerMonth.toFixed(2)}`).padStart(10)}`;
  return [
    `estimate for a month in ${region}, by list prices of ${cost.date}, without ${cost.without.join("; ")}:`,
    ...cost.items.map(line),
    `  ${"together".padEnd(width)}  ${"".padStart(3)}  ${`$${cost.total.toFixed(2)}`.padStart(10)}`,
  ];
}
