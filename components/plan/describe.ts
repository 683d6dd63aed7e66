import { formatProblem } from "../model/problem.ts";
import { formatDuration, formatSize } from "../model/units.ts";
import { poolCapacity } from "./capacity.ts";
import { describeAws } from "./platforms/aws/describe.ts";
import type { ClusterPlan, NodePlan, PoolPlan } from "./types.ts";

/** A plan in words: what a person wants to know before anything is made. */
export function describePlan(plan: ClusterPlan): string {
  const lines = [
    `${plan.cluster}: ${plan.environment} cluster on ${plan.platform}, owner ${plan.owner}`,
    ...(plan.aws === null ? describeMachines(plan) : describeAws(plan, plan.aws)),
    ...plan.routes.map(
      (route) =>
        `route ${route.path} → ${route.pool}: connect ${formatDuration(route.connectTimeout)}, silence ${formatDuration(route.readTimeout)}, ${route.tries} tries in ${formatDuration(route.retryFor)}, bodies to ${formatSize(route.bodyLimit)}${route.idempotent ? ", idempotent" : ""}${route.streaming ? ", streaming" : ""}`,
    ),
  ];
  if (plan.door !== null)
    lines.push(
      `door http://127.0.0.1:${plan.door.httpPort}${plan.door.tlsPort === null ? "" : `, https://127.0.0.1:${plan.door.tlsPort}`}`,
    );
  return [...lines, ...plan.warnings.map((warning) => `warning: ${formatProblem(warning)}`)].join("\n");
}

/** Network, balancers and nodes, each with its address. */
function describeMachines(plan: ClusterPlan): string[] {
  const { network, tier } = plan;
  return [
    `network ${network.subnet}, virtual address ${network.virtualAddress}:${tier.httpPort}${tier.tls === null ? "" : ` and :${tier.tls.port} (TLS)`}`,
    `balancers ${plan.balancers.map(({ key, address }) => `${key} ${address}`).join(", ")}; ${moveOf(plan)}`,
    ...plan.pools.map((pool) => describePool(plan, pool)),
  ];
}

function moveOf(plan: ClusterPlan): string {
  return plan.balancers.length === 1
    ? "there is no other that could take the address"
    : `the address moves ${formatDuration(takeOver(plan))} after its holder is lost`;
}

function describePool(plan: ClusterPlan, pool: PoolPlan): string {
  const nodes = plan.nodes.filter((node) => node.pool === pool.name);
  const of = (role: NodePlan["role"]) => nodes.filter((node) => node.role === role);
  const addresses = new Map(nodes.map(({ key, address }) => [key, address]));
  const shares = poolCapacity(plan, pool.name).shares.map(
    ({ node, share }) => `${node} ${addresses.get(node)} (${Math.round(100 * share)} %)`,
  );
  const standbys = (["hot", "cold"] as const).flatMap((role) =>
    of(role).map((node) => `${node.key} ${node.address} (${role})`),
  );
  return `pool ${pool.name}, ${pool.algorithm.kind}: ${[...shares, ...standbys].join(", ")}; a node is out ${formatDuration(pool.health.interval * pool.health.fall)} after it fails its checks`;
}

/** Longest time, in milliseconds, until a backup takes the address: three adverts and the skew of its priority (RFC 9568, 6.1). */
export function takeOver(plan: ClusterPlan): number {
  const { advertise } = plan.tier.failover;
  const [, backup] = plan.balancers;
  const skew = backup === undefined ? 0 : ((256 - backup.priority) / 256) * advertise;
  return Math.round(3 * advertise + skew);
}
