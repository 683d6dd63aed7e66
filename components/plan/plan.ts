import { formatSubnet, parseSubnet, type Subnet } from "../model/ip.ts";
import type { ClusterSpec, NginxSpec } from "../model/spec.ts";
import { balancerAddress, derivedPorts, derivedSubnet, dynamicRange, fixedAddresses } from "./addresses.ts";
import { imageOf, machine, machineName, ordinals } from "./machine.ts";
import { planNodes } from "./nodes.ts";
import { planAws } from "./platforms/aws/plan.ts";
import { planRoutes } from "./routes.ts";
import { type BalancerPlan, type ClusterPlan, type DoorPlan, type PlanContext, planSchema } from "./types.ts";
import { planFilter, planWardens } from "./wardens.ts";
import { planWarnings } from "./warnings.ts";

/**
 * Plans a cluster: pure, total for every spec that passed the rules, and the same for the same input.
 *
 * @throws Error for what no spec that passed the rules can contain (a platform or balancer kind that isn't built yet).
 */
export function plan(spec: ClusterSpec, context: PlanContext): ClusterPlan {
  const tier = nginxTier(spec);
  const subnet = clusterSubnet(spec, context.owner);
  const machines =
    spec.platform.kind === "aws"
      ? { ...noMachines, ...planAws(spec, spec.platform, tier, subnet, context) }
      : { ...noGroups, ...planMachines(spec, tier, subnet, context) };
  return {
    schema: planSchema,
    cluster: spec.name,
    owner: context.owner,
    environment: spec.environment,
    platform: spec.platform.kind,
    protect: spec.protect,
    network: machines.network,
    tier: {
      kind: "nginx",
      httpPort: tier.listen.http,
      tls: tier.listen.tls,
      failover: tier.failover,
      bodyLimit: tier.bodyLimit,
      headers: tier.headers,
      trustedProxies: [...(machines.door === null ? [] : [machines.door.address]), ...tier.trustedProxies],
      cpus: tier.cpus,
      memory: tier.memory,
    },
    balancers: machines.balancers,
    pools: Object.entries(spec.pools).map(([name, pool]) => ({
      name,
      algorithm: pool.algorithm,
      health: pool.health,
      keepAlive: pool.keepAlive,
    })),
    nodes: machines.nodes,
    groups: machines.groups,
    aws: machines.aws,
    routes: planRoutes(spec, tier),
    rollout: spec.rollout,
    door: machines.door,
    wardens: machines.wardens,
    filter: machines.filter,
    warnings: planWarnings(spec, machines.nodes),
  };
}

/** What a plan has where it lists single machines, and what it has where it lists groups. */
type Machines = Pick<ClusterPlan, "network" | "balancers" | "nodes" | "door" | "wardens" | "filter">;
type Groups = Pick<ClusterPlan, "network" | "groups" | "aws">;

const noMachines = {
  balancers: [],
  nodes: [],
  door: null,
  wardens: [],
  filter: null,
} satisfies Omit<Machines, "network">;
const noGroups = { groups: [], aws: null } satisfies Omit<Groups, "network">;

function planMachines(spec: ClusterSpec, tier: NginxSpec, subnet: Subnet, context: PlanContext): Machines {
  const fixed = fixedAddresses(subnet);
  const balancers = planBalancers(spec, tier, subnet, context);
  return {
    network: {
      name: machineName(spec.name, context.owner, "net"),
      subnet: formatSubnet(subnet),
      gateway: fixed.gateway,
      virtualAddress: fixed.virtual,
      dynamicRange: dynamicRange(subnet),
    },
    balancers,
    nodes: planNodes(spec, subnet, context),
    door: planDoor(spec, tier, fixed.door, context),
    wardens: planWardens(spec, balancers, subnet, context),
    filter: planFilter(spec, context),
  };
}

/** The network a cluster gets: the one it asks for, or one derived from owner and name. */
export function clusterSubnet(spec: ClusterSpec, owner: string): Subnet {
  if (spec.network.subnet === "auto") return derivedSubnet(`${owner}/${spec.name}`);
  const subnet = parseSubnet(spec.network.subnet);
  if (subnet === null)
    throw new Error(`network.subnet: ${spec.network.subnet} passed the rules but is no network`);
  return subnet;
}

function nginxTier(spec: ClusterSpec): NginxSpec {
  if (spec.balancer.kind === "nginx") return spec.balancer;
  throw new Error(`balancer.kind: "${spec.balancer.kind}" is not built yet`);
}

function planBalancers(
  spec: ClusterSpec,
  tier: NginxSpec,
  subnet: Subnet,
  context: PlanContext,
): BalancerPlan[] {
  return ordinals(tier.count).map((ordinal) => ({
    ...machine(spec, context, `lb-${ordinal}`, imageOf(context, "balancer")),
    role: "balancer",
    address: balancerAddress(subnet, ordinal),
    // Steps of ten leave room for an operator's own; the skew that they add to a take-over is below 1 % of an advert each.
    priority: 160 - ordinal * 10,
    cpus: tier.cpus,
    memory: tier.memory,
  }));
}

function planDoor(
  spec: ClusterSpec,
  tier: NginxSpec,
  address: string,
  context: PlanContext,
): DoorPlan | null {
  if (spec.platform.kind !== "docker") return null;
  const derived = derivedPorts(`${context.owner}/${spec.name}`);
  return {
    ...machine(spec, context, "door", imageOf(context, "balancer")),
    role: "door",
    address,
    httpPort: tier.door.http === "auto" ? derived.http : tier.door.http,
    tlsPort: tier.listen.tls === null ? null : tier.door.tls === "auto" ? derived.tls : tier.door.tls,
    cpus: 0.5,
    memory: 64 * 1024 ** 2,
  };
}
