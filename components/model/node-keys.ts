import type { PoolSpec } from "./spec.ts";

export type NodeRole = "active" | "hot" | "cold";

/** `web-1` for active nodes, `web-hot-1` and `web-cold-1` for standbys. */
export function nodeKey(pool: string, role: NodeRole, ordinal: number): string {
  return role === "active" ? `${pool}-${ordinal}` : `${pool}-${role}-${ordinal}`;
}

/** Keys of all nodes of a pool: active ones, then hot and cold standbys. */
export function nodeKeys(pool: Pick<PoolSpec, "id" | "active" | "standby">): string[] {
  const keys = (role: NodeRole, count: number) =>
    Array.from({ length: count }, (_, index) => nodeKey(pool.id, role, index + 1));
  return [
    ...keys("active", pool.active),
    ...keys("hot", pool.standby.hot),
    ...keys("cold", pool.standby.cold),
  ];
}
