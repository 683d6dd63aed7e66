import { formatAddress, formatSubnet, type Subnet } from "../../../model/ip.ts";
import { own } from "../../../model/own.ts";
import { chosenZones } from "../../../model/platforms/aws/instances.ts";
import { firstCheckPort, privateSubnet, publicSubnet } from "../../../model/platforms/aws/layout.ts";
import type { AwsSpec, ClusterSpec } from "../../../model/spec.ts";
import type { GroupPlan } from "../../groups/types.ts";
import { machineName } from "../../machine.ts";
import type { TierPlan } from "../../tiers/types.ts";
import type { PlanContext } from "../../types.ts";
import type { PlannedPlatform, PlanningInput } from "../contract.ts";
import { planAlarms } from "./alarms.ts";
import { estimateCost } from "./cost.ts";
import { planGroups } from "./groups.ts";
import { frontName } from "./names.ts";
import { standbyMechanisms } from "./standbys.ts";
import { targetProbe } from "./timers.ts";
import type { AwsPlan, FrontPlan, ListenerPlan, VpcPlan } from "./types.ts";

const noMachines = { balancers: [], nodes: [], door: null, wardens: [], filter: null };

/** What a plan for Amazon EC2 has instead of single machines and their segment. */
export function planAws(
  { spec, tier, subnet, context, virtualAddress }: PlanningInput,
  platform: AwsSpec,
): PlannedPlatform {
  const groups = planGroups(spec, platform, context);
  const vpc = planVpc(platform, subnet, groups);
  const front = planFront(spec, platform, tier, groups, context);
  const certificate = front.listeners.find((listener) => listener.certificate !== null)?.certificate ?? null;
  const alarms = planAlarms(groups, certificate);
  const cost = estimateCost(platform, groups, vpc, alarms.length, tier.tls?.end.at === "front");
  return {
    network: {
      name: machineName(spec.id, context.owner, "net"),
      subnet: formatSubnet(subnet),
      // The VPC's router has the first address of every subnet, so also of the first one.
      gateway: formatAddress(subnet.base + 1),
      virtualAddress,
      dynamicRange: formatSubnet(subnet),
    },
    ...noMachines,
    groups,
    platform: {
      kind: "aws",
      region: platform.region,
      account: platform.account,
      vpc,
      front,
      clients: platform.clients,
      reach: platform.reach,
      image: planImage(platform, context),
      agents: planAgents(platform, context),
      disk: Math.ceil(platform.disk / 1024 ** 3),
      key: platform.key,
      permissionsBoundary: platform.permissionsBoundary,
      monitoring: { ...platform.monitoring, alarms },
      tags: platform.tags,
      standbys: standbyMechanisms(spec, platform, groups, front.probe),
      cost,
    },
  };
}

/** Public parameters of Debian's images (wiki.debian.org, Cloud/AmazonEC2Image), where the lock file has no id. */
function planImage({ image, region }: AwsSpec, { pins }: PlanContext): AwsPlan["image"] {
  if (image.kind === "ami") return { kind: "ami", id: image.id };
  const pinned = own(own(pins?.images ?? {}, `debian-${image.release}`) ?? {}, region);
  if (pinned !== undefined) {
    const { on, ...ids } = pinned;
    return { kind: "pinned", ids, on };
  }
  const name = (architecture: string) =>
    `/aws/service/debian/release/${image.release}/latest/${architecture}`;
  return { kind: "parameter", names: { x86_64: name("amd64"), arm64: name("arm64") } };
}

/** The stack's own word first, then the lock file's. */
function planAgents({ agents }: AwsSpec, { pins }: PlanContext): AwsPlan["agents"] {
  const of = (name: keyof AwsPlan["agents"]) => {
    const pin = agents[name] ?? pins?.agents[name] ?? null;
    return pin === null ? null : { version: pin.version, sha256: pin.sha256 };
  };
  return { session: of("session"), cloudwatch: of("cloudwatch") };
}

/**
 * Services that machines call: the session manager, groups and instances for the followers and hooks, logs and metrics. Where
 * there is no NAT they are reached by endpoints.
 */
const calledServices = [
  "autoscaling",
  "ec2",
  "ec2messages",
  "logs",
  "monitoring",
  "ssm",
  "ssmmessages",
] as const;

/** Those that only some pools need: where their images are, and where their containers' credentials come from. */
function servicesOfPools(groups: readonly GroupPlan[]): string[] {
  const ecr = groups.some(({ service }) => service.kind === "node" && service.registry?.kind === "own");
  const sts = groups.some(({ policies }) => policies !== undefined);
  return [...(ecr ? ["ecr.api", "ecr.dkr"] : []), ...(sts ? ["sts"] : [])];
}

function planVpc(platform: AwsSpec, subnet: Subnet, groups: readonly GroupPlan[]): VpcPlan {
  const zones = chosenZones(platform);
  const { vpc } = platform;
  if (vpc.kind === "adopted") {
    return {
      kind: "adopted",
      id: vpc.id,
      zones: zones.map((name, index) => ({
        name,
        public: vpc.public[index] ?? "",
        private: vpc.private[index] ?? "",
      })),
    };
  }
  return {
    kind: "own",
    range: formatSubnet(subnet),
    zones: zones.map((name, index) => ({
      name,
      public: formatSubnet(publicSubnet(subnet, index)),
      private: formatSubnet(privateSubnet(subnet, index)),
    })),
    nat: vpc.nat,
    // S3's is a route and costs nothing.
    endpoints: vpc.nat === "none" ? ["s3", ...calledServices, ...servicesOfPools(groups)] : ["s3"],
    flowLogs: vpc.flowLogs,
  };
}

function planFront(
  spec: ClusterSpec,
  { pools, idleTimeout, front }: AwsSpec,
  { httpPort, tls }: TierPlan,
  groups: readonly GroupPlan[],
  { owner }: PlanContext,
): FrontPlan {
  const plain: ListenerPlan = { key: "http", port: httpPort, protocol: "TCP", certificate: null };
  const secure: ListenerPlan[] =
    tls === null
      ? []
      : [
          tls.end.at === "front"
            ? { key: "tls", port: tls.port, protocol: "TLS", certificate: tls.end.certificate }
            : { key: "tls", port: tls.port, protocol: "TCP", certificate: null },
        ];
  return {
    name: frontName(machineName(spec.id, owner, "front")),
    listeners: [plain, ...secure],
    ...(front.internal ? { internal: true } : {}),
    ...(front.addresses === null ? {} : { addresses: front.addresses }),
    ...(front.dns === null ? {} : { dns: front.dns }),
    idleTimeout,
    probe: targetProbe,
    checks: groups.flatMap(({ key, role, pool }) => {
      const index = Object.keys(spec.pools).indexOf(pool ?? "");
      if (pool === null || index < 0) return [];
      const port = firstCheckPort + index * 2 + (role === "hot" ? 1 : 0);
      return [{ group: key, port, live: own(pools, pool)?.live ?? null }];
    }),
  };
}
