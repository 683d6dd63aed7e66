import { own } from "../../components/model/own.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import type { BalancerStatus } from "./balancer-status.ts";

/* The pools of a cluster, and what its balancers tell of them. */

export interface PoolStatus {
  /** What people call it. */
  readonly name: string;
  /** What the keys of its nodes begin with. */
  readonly id: string;
  /** Paths that lead to it. */
  readonly routes: readonly string[];
  /** How its balancers choose among its nodes. */
  readonly algorithm: string;
  /**
   * Requests that its balancers asked of another node since they started, all together, and failures that they passed on because there had
   * been too many of these (`pools.<name>.retries`); null where none tells.
   */
  readonly retries: Retries | null;
}

export interface Retries {
  readonly made: number;
  readonly refused: number;
}

/** Each pool with what leads to it. @param asked what its balancers say */
export function poolsOf(
  { pools, routes }: ClusterPlan,
  asked: Iterable<BalancerStatus | null> = [],
): PoolStatus[] {
  const told = [...asked];
  return pools.map(({ name, shownAs, algorithm }) => ({
    name: shownAs,
    id: name,
    routes: routes.filter(({ pool }) => pool === name).map(({ path }) => path),
    algorithm: algorithm.kind,
    retries: sumOf(told.flatMap((status) => own(status?.pools ?? {}, name)?.retries ?? [])),
  }));
}

function sumOf(all: readonly Retries[]): Retries | null {
  if (all.length === 0) return null;
  const sum = (of: (one: Retries) => number) => all.reduce((total, one) => total + of(one), 0);
  return { made: sum(({ made }) => made), refused: sum(({ refused }) => refused) };
}
