import { formatDuration } from "../../model/units.ts";
import { poolCapacity } from "../capacity.ts";
import { takeOver } from "../forecast-tier.ts";
import { frontOf } from "../front.ts";
import { withId } from "../shown.ts";
import type { ClusterPlan, NodePlan, PoolPlan } from "../types.ts";

/** Network, balancers and nodes, each with its address. */
export function describeMachines(plan: ClusterPlan): string[] {
  const { network, tier } = plan;
  return [
    `network ${network.subnet}, virtual address ${network.virtualAddress}:${tier.httpPort}${tier.tls === null ? "" : ` and :${tier.tls.port} (TLS)`}`,
    ...inFront(plan),
    `balancers ${named(plan.balancers)}; ${plan.directors === undefined ? moveOf(plan) : "all of them serve"}`,
    ...plan.pools.map((pool) => describePool(plan, pool)),
  ];
}

const named = (machines: readonly { readonly key: string; readonly address: string }[]) =>
  machines.map(({ key, address }) => `${key} ${address}`).join(", ");

function inFront(plan: ClusterPlan): string[] {
  const front = frontOf(plan);
  return front === null
    ? []
    : [`directors ${named(front.balancers)}, which forward to all balancers; ${moveOf(front)}`];
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
  return `pool ${withId(pool.shownAs, pool.name)}, ${pool.algorithm.kind}: ${[...shares, ...standbys].join(", ")}; a node is out ${formatDuration(pool.health.interval * pool.health.fall)} after it fails its checks`;
}
