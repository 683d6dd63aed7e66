import { balancerWithPools, layersOf } from "./balancers/select.ts";
import { own } from "./own.ts";
import { platformWithPools } from "./platforms/select.ts";
import type { ClusterSpec, ParsedStack } from "./spec.ts";

/*
 * Names are for people and may change; ids are for machines and stay. Keys of nodes, labels, names on the platform, addresses and
 * metrics go by ids, so another name alone changes no machine. An id is the name until somebody gives it.
 */

/**
 * A stack with the ids that it leaves out, and its balancers in the order in which requests are answered: those that read them, and what
 * is in front. Its pools still stand under their names, as rules and their paths want them.
 */
export function identified(stack: ParsedStack): ClusterSpec {
  const pools = Object.entries(stack.pools).map(
    ([name, pool]) => [name, { ...pool, id: pool.id ?? name, name }] as const,
  );
  return {
    ...stack,
    ...layersOf(stack.balancer),
    id: stack.id ?? stack.name,
    pools: Object.fromEntries(pools),
  };
}

/** The same with its pools by id, in their order, and ids wherever a pool is named. For a stack that passed the rules. */
export function byId(spec: ClusterSpec): ClusterSpec {
  const idOf = (name: string) => own(spec.pools, name)?.id ?? name;
  return {
    ...spec,
    pools: Object.fromEntries(Object.values(spec.pools).map((pool) => [pool.id, pool])),
    routes: spec.routes.map((route) => ({ ...route, pool: idOf(route.pool) })),
    balancer: balancerWithPools(spec.balancer, idOf),
    platform: platformWithPools(spec.platform, idOf),
  };
}

/**
 * The key that a person means who may have said it with a pool's name: `web-1` for `app-1`.
 *
 * @param known keys that there are
 */
export function keyMeant(pools: ClusterSpec["pools"], known: readonly string[], said: string): string {
  if (known.includes(said)) return said;
  const meant = Object.values(pools).flatMap(({ id, name }) =>
    said === name || said.startsWith(`${name}-`) ? [`${id}${said.slice(name.length)}`] : [],
  );
  return meant.find((key) => known.includes(key)) ?? said;
}
