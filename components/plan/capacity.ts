import type { ClusterPlan, NodeRole } from "./types.ts";

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
  /** Cores that the active nodes may use together. */
  readonly cpus: number;
  /** The active nodes, in the plan's order. */
  readonly shares: readonly NodeShare[];
}

/** What a pool of a plan has; nothing at all for a pool that the plan hasn't. */
export function poolCapacity(plan: Pick<ClusterPlan, "nodes">, pool: string): PoolCapacity {
  const nodes = plan.nodes.filter((node) => node.pool === pool);
  const of = (role: NodeRole) => nodes.filter((node) => node.role === role);
  const active = of("active");
  const total = active.reduce((sum, { weight }) => sum + weight, 0);
  return {
    active: active.length,
    hot: of("hot").length,
    cold: of("cold").length,
    cpus: active.reduce((sum, { cpus }) => sum + cpus, 0),
    // Also right for the algorithms that ignore weights: the model refuses weights with those, so all are alike.
    shares: active.map(({ key, weight }) => ({ node: key, weight, share: weight / total })),
  };
}
