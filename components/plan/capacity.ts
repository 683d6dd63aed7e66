import { ordinals } from "./machine.ts";
import type { ClusterPlan, GroupPlan, NodePlan, NodeRole } from "./types.ts";

/*
 * How much a pool has to serve with. The one place that counts a pool's nodes from a plan: whoever needs to know how many
 * there are, what they can do or who gets how much asks here, however a platform lists them.
 */

export interface PoolCount {
  readonly active: number;
  readonly hot: number;
  readonly cold: number;
}

export interface NodeShare {
  /** Key of the node. */
  readonly node: string;
  readonly weight: number;
  /** Part of the pool's requests that it gets while all active nodes are well, 0–1. */
  readonly share: number;
}

export interface PoolCapacity extends PoolCount {
  /** Cores that the active nodes may use together, and the strongest of them alone. */
  readonly cpus: number;
  readonly strongest: number;
  /** The active nodes, in the plan's order. */
  readonly shares: readonly NodeShare[];
}

/** Balancers that serve at a time, or stand by for it; a group's at the number that `up` asks for. */
export function balancerCount({ balancers, groups }: Pick<ClusterPlan, "balancers" | "groups">): number {
  return groups.find(({ role }) => role === "balancer")?.count.desired ?? balancers.length;
}

/** What a pool of a plan has; nothing at all for a pool that the plan hasn't. */
export function poolCapacity(plan: Pick<ClusterPlan, "nodes" | "groups">, pool: string): PoolCapacity {
  return plan.groups.length === 0 ? ofNodes(plan.nodes, pool) : ofGroups(plan.groups, pool);
}

function ofNodes(all: readonly NodePlan[], pool: string): PoolCapacity {
  const nodes = all.filter((node) => node.pool === pool);
  const of = (role: NodeRole) => nodes.filter((node) => node.role === role);
  const active = of("active");
  const total = active.reduce((sum, { weight }) => sum + weight, 0);
  return {
    active: active.length,
    hot: of("hot").length,
    cold: of("cold").length,
    cpus: active.reduce((sum, { cpus }) => sum + cpus, 0),
    strongest: Math.max(0, ...active.map(({ cpus }) => cpus)),
    // Also right for the algorithms that ignore weights: the model refuses weights with those, so all are alike.
    shares: active.map(({ key, weight }) => ({ node: key, weight, share: weight / total })),
  };
}

/** Groups at the numbers that `up` asks for. Their machines are alike and have no names: they are counted, `web-1` and so on. */
function ofGroups(all: readonly GroupPlan[], pool: string): PoolCapacity {
  const of = (role: GroupPlan["role"]) => all.find((group) => group.pool === pool && group.role === role);
  const active = of("active");
  const count = active?.count.desired ?? 0;
  const cores = active?.machine.vcpus ?? 0;
  return {
    active: count,
    hot: of("hot")?.count.desired ?? 0,
    cold: active?.waiting?.count ?? 0,
    cpus: count * cores,
    strongest: cores,
    shares: ordinals(count).map((ordinal) => ({ node: `${pool}-${ordinal}`, weight: 1, share: 1 / count })),
  };
}
