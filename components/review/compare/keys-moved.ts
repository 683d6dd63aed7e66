import { type AlgorithmSpec, hashedBy } from "../../model/algorithms.ts";
import type { PoolCapacity } from "../../plan/capacity.ts";

/**
 * Part of all keys, 0–1, that another node answers for afterwards; null where no key has a home on one of the sides.
 *
 * Worked out and not sampled. The balancers hash by weighted rendezvous (infra/runtime/balancer/lua/hotspare/algorithms.lua):
 * of a key each node gets a number u, even in 0–1 and the same whatever the weights, and the node with the least -ln(u) ÷ weight
 * has the key. -ln(u) is exponentially distributed, so a node i is the least of all with both the old weights v and the new ones
 * w with probability 1 ÷ Σj max(vj ÷ vi, wj ÷ wi), a node that isn't there having weight 0. What is left of the sum over i has
 * moved. A node that is replaced keeps its key, and with it what it had.
 */
export function keysMoved(
  before: { readonly algorithm: AlgorithmSpec; readonly capacity: PoolCapacity },
  after: { readonly algorithm: AlgorithmSpec; readonly capacity: PoolCapacity },
): number | null {
  const [left, right] = [hashedBy(before.algorithm), hashedBy(after.algorithm)];
  if (left === null || right === null) return null;
  const weights = weightsByNode(before.capacity, after.capacity);
  const moved = 1 - (left === right ? stayed(weights) : stayedByChance(weights));
  // What floating point leaves of nothing is nothing.
  return Math.max(0, Math.round(moved * 1e9) / 1e9);
}

interface Weights {
  readonly before: number;
  readonly after: number;
}

function weightsByNode(before: PoolCapacity, after: PoolCapacity): Weights[] {
  const old = new Map(before.shares.map(({ node, weight }) => [node, weight]));
  const now = new Map(after.shares.map(({ node, weight }) => [node, weight]));
  return [...new Set([...old.keys(), ...now.keys()])].map((node) => ({
    before: old.get(node) ?? 0,
    after: now.get(node) ?? 0,
  }));
}

function stayed(weights: readonly Weights[]): number {
  const both = weights.filter(({ before, after }) => before > 0 && after > 0);
  return both.reduce((sum, own) => {
    const rivals = weights.reduce(
      (total, { before, after }) => total + Math.max(before / own.before, after / own.after),
      0,
    );
    return sum + 1 / rivals;
  }, 0);
}

/** Something else is hashed: where a request goes then has nothing to do with where it went. */
function stayedByChance(weights: readonly Weights[]): number {
  const [old, now] = [weights, weights].map((all, side) =>
    all.reduce((sum, one) => sum + (side === 0 ? one.before : one.after), 0),
  ) as [number, number];
  return weights.reduce((sum, { before, after }) => sum + (before / old) * (after / now), 0);
}
