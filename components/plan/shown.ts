import type { ClusterPlan } from "./types.ts";

/*
 * Words for people. Machines go by ids and know no names, so whoever tells a person of a pool asks here what it is called.
 */

/** What people call a pool; its id where the plan has no such pool. @param pool its id */
export function poolShown({ pools }: Pick<ClusterPlan, "pools">, pool: string): string {
  return pools.find(({ name }) => name === pool)?.shownAs ?? pool;
}

/** A key as people would say it, with their name of the pool: `app-hot-1` for `web-hot-1`. */
export function keyShown({ pools }: Pick<ClusterPlan, "pools">, key: string, pool: string | null): string {
  const shownAs = pools.find(({ name }) => name === pool)?.shownAs;
  return pool === null || shownAs === undefined ? key : `${shownAs}${key.slice(pool.length)}`;
}

/** A name, with the id beside it where that is another: the keys of machines begin with the id. */
export function withId(shownAs: string, id: string): string {
  return shownAs === id ? shownAs : `${shownAs} (id ${id})`;
}
