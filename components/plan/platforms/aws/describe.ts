import type { AgentPin } from "../../../model/platforms/aws/pins.ts";
import { formatDuration, formatSize } from "../../../model/units.ts";
import type { Range } from "../../forecast-types.ts";
import type { GroupPlan, ScalingTarget } from "../../groups/types.ts";
import type { ClusterPlan } from "../../types.ts";
import { quotaNeeds } from "./quotas.ts";
import { spotNotice } from "./timers.ts";
import type { AwsPlan, CostItem, CostPlan, StandbyMechanism } from "./types.ts";

/** The AWS part of a plan in words, part by part: network, front, groups, how losses are outlived, changes, alarms, cost. */
export function describeAws({ groups, tier }: ClusterPlan, aws: AwsPlan): string[] {
  return [
    ...describeVpc(aws),
    describeFront(aws),
    "groups",
    ...indented(columns(groups.map((group) => describeGroup(group, tier.httpPort)))),
    describeOrigin(aws),
    describeQuotas(groups, aws),
    "when a node is lost",
    ...indented(columns(aws.standbys.map(describeStandby))),
    ...describeSpot(groups),
    describeRefresh(groups),
    describeAlarms(aws),
    ...describeCost(aws),
  ];
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

/** Columns as wide as their widest cell, two spaces apart; those of numbers are told by a leading `>`. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const isRight = (column: number) => rows.every((row) => row[column]?.startsWith(">") ?? false);
  const words = rows.map((row) => row.map((cell, column) => (isRight(column) ? cell.slice(1) : cell)));
  const widths = (words[0] ?? []).map((_, column) =>
    Math.max(...words.map((row) => row[column]?.length ?? 0)),
  );
  return words.map((row) =>
    row
      .map((cell, column) =>
        isRight(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

function describeFront({ clients, front }: AwsPlan): string {
  const { name, listeners, probe } = front;
  const ports = listeners.map(({ port, protocol }) => `${protocol} ${port}`).join(", ");
  const where = [
    ...(front.internal ? ["inside the VPC alone"] : []),
    ...(front.addresses === undefined ? [] : [`with ${front.addresses.join(", ")}`]),
    ...(front.dns === undefined
      ? []
      : [`called ${front.dns.name}${front.dns.failover === null ? "" : ` (${front.dns.failover})`}`]),
  ];
  const more = where.length === 0 ? "" : ` (${where.join(", ")})`;
  return `clients from ${clients.join(", ")} ▶ Network Load Balancer ${name}${more} ${ports} ▶ group lb, each balancer asked every ${formatDuration(probe.interval)}, out after ${probe.fall} failures`;
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

function describeGroup(group: GroupPlan, balancerPort: number): string[] {
  const { key, role, count, machine, zones, service, waiting } = group;
  const number =
    count.min === count.max ? `${count.desired}` : `${count.desired} (${count.min} to ${count.max})`;
  const size = `${machine.architecture}, ${machine.vcpus} vCPU, ${machine.memory / 1024 ** 3} GiB${machine.metal ? ", bare metal" : ""}`;
  const more = [
    ...(waiting === null ? [] : [`${waiting.count} ${waiting.state} in its warm pool`]),
    ...group.targets.map(describeTarget),
    ...describePace(group),
    ...(group.placement === "none" ? [] : [`placement ${group.placement}`]),
    ...(group.spot === null
      ? []
      : [
          `${group.spot.share === undefined ? "" : `${group.spot.share} % `}Spot beyond ${group.spot.onDemand}, also ${machine.others.join(", ")}`,
        ]),
    ...describeMachines(group),
  ];
  return [
    key,
    role,
    `>${number}`,
    `× ${machine.type} (${size})`,
    `zones ${zones.map((name) => name.slice(-1)).join(" ")}`,
    `port ${service.kind === "node" ? service.port : balancerPort}`,
    more.join("; "),
  ];
}

/** By the clock, and by a forecast. */
function describePace({ schedule = [], predictive }: GroupPlan): string[] {
  return [
    ...schedule.map(({ at, zone, min }) => `at least ${min} from "${at}" ${zone} on`),
    ...(predictive === undefined
      ? []
      : [
          predictive.mode === "scale"
            ? `machines ${formatDuration(predictive.ahead)} ahead of what is forecast for ${predictive.percent} % CPU`
            : `a forecast for ${predictive.percent} % CPU, which changes nothing`,
        ]),
  ];
}

function describeMachines({ disk, securityGroups = [], distribution, policies = [] }: GroupPlan): string[] {
  return [
    ...(disk === undefined
      ? []
      : [`disk of ${disk.size} GB, ${disk.iops} operations and ${disk.throughput} MiB a second`]),
    ...(securityGroups.length === 0 ? [] : [`also in ${securityGroups.join(", ")}`]),
    ...(distribution === undefined ? [] : ["even over the zones or not at all"]),
    ...(policies.length === 0
      ? []
      : [`containers with ${policies.map((policy) => policy.split("/").at(-1)).join(", ")}`]),
  ];
}

/** What machines start from and fetch. Said plainly where it is whatever somebody else names that day. */
function describeOrigin({ image, agents }: AwsPlan): string {
  const start =
    image.kind === "ami"
      ? `image ${image.id}`
      : image.kind === "pinned"
        ? `Debian's image of ${image.on}`
        : "Debian's newest image at each `up`, pinned by nothing";
  const of = (name: string, pin: AgentPin | null) =>
    `${name} agent ${pin === null ? "the newest, unchecked" : pin.version}`;
  const isLoose = image.kind === "parameter" || agents.session === null || agents.cloudwatch === null;
  const advice = isLoose ? "; `./hotspare pins` records them" : "";
  return `machines start from ${start}; ${of("session", agents.session)}, ${of("CloudWatch", agents.cloudwatch)}${advice}`;
}

/** Of an account's quotas, and what a new account has where that is known. */
function describeQuotas(groups: readonly GroupPlan[], aws: AwsPlan): string {
  const needs = quotaNeeds({ groups }, aws).map(({ what, standing, peak, usual }) => {
    const most = peak === standing ? "" : `, at most ${peak} while it changes and is scaled out`;
    return `${what} ${standing}${most}${usual === null ? "" : ` (usually ${usual})`}`;
  });
  return `takes of the account's quotas in ${aws.region}: ${needs.join("; ")}`;
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

function describeStandby({ pool, kind, count, mechanism, takes, usdPerMonth }: StandbyMechanism): string[] {
  const isNew = kind === "launch";
  return [
    pool,
    isNew ? "when none waits" : `${count} ${kind}`,
    seconds(takes),
    `>${isNew ? "" : `${usdPerMonth === null ? "no price" : dollars(usdPerMonth)} a month`}`,
    mechanism,
  ];
}

const dollars = (amount: number) => `$${amount.toFixed(2)}`;

const seconds = ({ low, high }: StandbyMechanism["takes"]) => `${low / 1000}–${high / 1000} s`;

function describeSpot(groups: readonly GroupPlan[]): string[] {
  return groups.some(({ spot }) => spot !== null)
    ? [
        `a Spot machine goes ${formatDuration(spotNotice)} after AWS has said so: its group looks for another at once, and it is drained as with every leave`,
      ]
    : [];
}

function describeRefresh(groups: readonly GroupPlan[]): string {
  const [group] = groups;
  if (group === undefined) return "";
  const { healthyPercent, checkpoints, pause, patience, drain } = group.refresh;
  // Hardware takes longer to boot.
  const slower = groups.filter(({ refresh }) => refresh.patience !== patience);
  const others = slower.map(({ key, refresh }) => `${key} ${formatDuration(refresh.patience)}`).join(", ");
  return `a change of machines rolls through each group with ${healthyPercent} % in service, stops ${formatDuration(pause)} at ${checkpoints.join(", ")} %, goes back by itself on an alarm; new machines have ${formatDuration(patience)} to get ready${others === "" ? "" : ` (${others})`}, old ones ${formatDuration(drain)} to finish`;
}

function describeAlarms({ monitoring }: AwsPlan): string {
  const to =
    monitoring.topic ??
    (monitoring.notify.length === 0 ? "a topic without subscribers" : monitoring.notify.join(", "));
  return `alarms to ${to}: ${monitoring.alarms.map(({ key }) => key).join(", ")}`;
}

/** Part by part with its sum, its items below. */
function describeCost({ cost, region }: AwsPlan): string[] {
  const price = (usd: number | null) => `>${usd === null ? "no price" : dollars(usd)}`;
  const lines = cost.parts.flatMap(({ part, usdPerMonth }) => {
    const items = cost.items.filter((item) => item.part === part);
    const [only] = items;
    if (items.length === 1 && only !== undefined) return [[part, describeItem(only), price(usdPerMonth)]];
    return [
      [part, "", price(usdPerMonth)],
      ...items.map((item) => ["", `${describeItem(item)}, ${price(item.usdPerMonth).slice(1)}`, ">"]),
    ];
  });
  return [
    `estimate for a month in ${region}, by list prices of ${cost.date}`,
    ...indented(columns([...lines, ["together", "", price(cost.total)]])),
    ...describeTraffic(cost),
    `  without ${cost.without.join("; ")}`,
  ];
}

/** What comes on top, and the whole: a range, since nobody knows the load. */
function describeTraffic({ traffic, total }: CostPlan): string[] {
  const { requests, answer, items } = traffic;
  const range = (usd: Range | null) =>
    usd === null ? "no price" : `${dollars(usd.low)} to ${dollars(usd.high)}`;
  const all = traffic.total && { low: total + traffic.total.low, high: total + traffic.total.high };
  return [
    `  with ${requests.low} to ${requests.high} requests a second, answers of ${formatSize(answer)}`,
    ...columns(items.map(({ what, usdPerMonth }) => [what, range(usdPerMonth)])).map((line) => `    ${line}`),
    `  in all ${range(all)}`,
  ];
}

const describeItem = ({ what, quantity }: CostItem) => `${quantity} × ${what}`;
