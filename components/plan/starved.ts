import { type NodeShare, poolCapacity } from "./capacity.ts";
import type { ClusterPlan } from "./types.ts";

/** Below one request in a hundred a node is neither warm nor watched: its faults show first when it is needed. */
export const starvedShare = 0.01;

/** Active nodes that get too little beside heavier ones. Where all weigh the same there are only many, and nothing to change. */
export function starvedNodes(plan: Pick<ClusterPlan, "nodes" | "groups">, pool: string): NodeShare[] {
  const { shares } = poolCapacity(plan, pool);
  const heaviest = Math.max(...shares.map(({ weight }) => weight));
  return shares.filter(({ weight, share }) => share < starvedShare && weight < heaviest);
}

/** Who they are, and how little the lightest gets: `web-2 gets 0.33 % of the requests (weight 1 of 302)`; null for nobody. */
export function starvedInWords(nodes: readonly NodeShare[], total?: number): string | null {
  const [least] = nodes.toSorted((a, b) => a.share - b.share);
  if (least === undefined) return null;
  const part = `${(100 * least.share).toFixed(2)} % of the requests`;
  const weight = `weight ${least.weight}${total === undefined ? "" : ` of ${total}`}`;
  return nodes.length === 1
    ? `${least.node} gets ${part} (${weight})`
    : `${nodes.length} nodes get less than ${100 * starvedShare} % of the requests each, ${least.node} ${(100 * least.share).toFixed(2)} % (${weight})`;
}
