import { formatSubnet, parseSubnet, type Subnet } from "../model/ip.ts";
import type { ClusterSpec, NginxSpec, PoolSpec } from "../model/spec.ts";
import {
  balancerAddress,
  derivedPorts,
  derivedSubnet,
  dynamicRange,
  fixedAddresses,
  nodeAddress,
} from "./addresses.ts";
import { planRoutes } from "./routes.ts";
import {
  type BalancerPlan,
  type ClusterPlan,
  type DoorPlan,
  type MachinePlan,
  type NodePlan,
  type NodeRole,
  type PlanContext,
  planSchema,
} from "./types.ts";
import { planWarnings } from "./warnings.ts";

/**
 * Plans a cluster: pure, total for every spec that passed the rules, and the same for the same input.
 *
 * @throws Error for what no spec that passed the rules can contain (a platform or balancer kind that isn't built yet).
 */
export function plan(spec: ClusterSpec, context: PlanContext): ClusterPlan {
  const tier = nginxTier(spec);
  const subnet = clusterSubnet(spec, context.owner);
  const fixed = fixedAddresses(subnet);
  const nodes = planNodes(spec, subnet, context);
  return {
    schema: planSchema,
    cluster: spec.name,
    owner: context.owner,
    environment: spec.environment,
    platform: spec.platform.kind,
    protect: spec.protect,
    network: {
      name: machineName(spec.name, context.owner, "net"),
      subnet: formatSubnet(subnet),
      gateway: fixed.gateway,
      virtualAddress: fixed.virtual,
      dynamicRange: dynamicRange(subnet),
    },
    tier: {
      kind: "nginx",
      httpPort: tier.listen.http,
      tls: tier.listen.tls,
      failover: tier.failover,
      bodyLimit: tier.bodyLimit,
      trustedProxies: [fixed.door, ...tier.trustedProxies],
      cpus: tier.cpus,
      memory: tier.memory,
    },
    balancers: planBalancers(spec, tier, subnet, context),
    pools: Object.entries(spec.pools).map(([name, pool]) => ({
      name,
      algorithm: pool.algorithm,
      health: pool.health,
    })),
    nodes,
    routes: planRoutes(spec, tier),
    door: planDoor(spec, tier, fixed.door, context),
    warnings: planWarnings(spec, nodes),
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

/** Name on the platform: the owner's first four digits keep two owners' clusters of one name apart. */
function machineName(cluster: string, owner: string, key: string): string {
  return `${cluster}-${owner.slice(0, 4)}-${key}`;
}

function machine(
  spec: ClusterSpec,
  context: PlanContext,
  key: string,
  image: string,
): Omit<MachinePlan, "address" | "cpus" | "memory"> {
  return { key, name: machineName(spec.name, context.owner, key), hostname: key, image };
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

function planNodes(spec: ClusterSpec, subnet: Subnet, context: PlanContext): NodePlan[] {
  return Object.entries(spec.pools).flatMap(([pool, poolSpec], index) => {
    const of = (role: NodeRole, count: number) =>
      ordinals(count).map((ordinal) =>
        planNode(spec, context, {
          pool,
          poolSpec,
          role,
          ordinal,
          address: nodeAddress(subnet, index, role, ordinal),
        }),
      );
    return [
      ...of("active", poolSpec.active),
      ...of("hot", poolSpec.standby.hot),
      ...of("cold", poolSpec.standby.cold),
    ];
  });
}

interface NodePlace {
  pool: string;
  poolSpec: PoolSpec;
  role: NodeRole;
  ordinal: number;
  address: string;
}

function planNode(
  spec: ClusterSpec,
  context: PlanContext,
  { pool, poolSpec, role, ordinal, address }: NodePlace,
): NodePlan {
  const key = nodeKey(pool, role, ordinal);
  return {
    ...machine(spec, context, key, poolImage(context, pool, poolSpec)),
    role,
    pool,
    address,
    port: poolSpec.port,
    weight: poolSpec.weights[key] ?? 1,
    environment: {
      HOTSPARE_CLUSTER: spec.name,
      HOTSPARE_NODE: key,
      PORT: String(poolSpec.port),
      ...poolSpec.environment,
    },
    cpus: poolSpec.cpus,
    memory: poolSpec.memory,
    stopGrace: poolSpec.stopGrace,
  };
}

/** `web-1` for active nodes, `web-hot-1` and `web-cold-1` for standbys. */
export function nodeKey(pool: string, role: NodeRole, ordinal: number): string {
  return role === "active" ? `${pool}-${ordinal}` : `${pool}-${role}-${ordinal}`;
}

function poolImage(context: PlanContext, pool: string, poolSpec: PoolSpec): string {
  switch (poolSpec.image.kind) {
    case "sample":
      return imageOf(context, "node");
    case "build":
      return imageOf(context, `pool:${pool}`);
    case "reference":
      return poolSpec.image.reference;
    default:
      return poolSpec.image satisfies never;
  }
}

function imageOf(context: PlanContext, name: string): string {
  const reference = context.images[name];
  if (reference === undefined) throw new Error(`no image reference was given for "${name}"`);
  return reference;
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

function ordinals(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
