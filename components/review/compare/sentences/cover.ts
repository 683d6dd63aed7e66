import { counted } from "../../../model/words.ts";
import type { PoolCount } from "../../../plan/capacity.ts";
import type { Cover, Sides } from "../types.ts";
import { listed } from "../words.ts";

/** `3 active nodes, 1 hot standby and 2 cold standbys`. */
export function nodesInWords({ active, hot, cold }: PoolCount): string {
  return listed([
    counted(active, "active node"),
    ...(hot > 0 ? [counted(hot, "hot standby")] : []),
    ...(cold > 0 ? [counted(cold, "cold standby")] : []),
  ]);
}

/** What a cluster survives, of the pool that has least; or of one pool. */
export function survival(cover: Sides<Cover>, pool?: string): string {
  const [old, now] = [least(cover.before, pool), least(cover.after, pool)];
  if (now === null) return "";
  const losses = `the loss of ${counted(now.balancers, "balancer")} and ${now.nodes === 0 ? "no node" : counted(now.nodes, "node")}`;
  if (old === null) return `survives ${losses}`;
  const before =
    old.balancers === now.balancers
      ? old.nodes === now.nodes
        ? ""
        : ` (before ${old.nodes})`
      : ` (before ${old.balancers} and ${old.nodes})`;
  const less = now.balancers < old.balancers || now.nodes < old.nodes;
  return less ? `survives only ${losses}${before}` : `still survives ${losses}${before}`;
}

function least(cover: Cover | null, pool?: string): { balancers: number; nodes: number } | null {
  if (cover === null) return null;
  const pools = cover.pools.filter((one) => pool === undefined || one.pool === pool);
  return pools.length === 0
    ? null
    : { balancers: cover.balancers, nodes: Math.min(...pools.map(({ nodes }) => nodes)) };
}
