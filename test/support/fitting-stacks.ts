import { countsWeights } from "../../components/model/algorithms.ts";
import { parseDuration } from "../../components/model/units.ts";

/*
 * Makes values that were chosen one by one fit each other. Of random ones hardly any stack would pass all rules.
 */

type Time = Parameters<typeof parseDuration>[0];

interface Route {
  pool: string;
  tries?: number;
  patience?: string;
  readTimeout?: Time;
  connectTimeout?: Time;
  retryFor?: Time;
}

interface Pool {
  id?: string;
  protocol?: string;
  algorithm?: Parameters<typeof countsWeights>[0];
  /** Of its first node. */
  weight?: number;
  health?: { protocol?: string; service?: string };
}

interface Stack {
  balancer?: { listen?: { tls: unknown } };
  pools: Record<string, Pool>;
  routes?: Route[];
}

const without = <Value extends object>(value: Value, ...keys: (keyof Value)[]): Value =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key as keyof Value))) as Value;

const longer = (one: Time | undefined, standard: Time, other: Time | undefined, otherwise: Time) =>
  parseDuration(one ?? standard) > parseDuration(other ?? otherwise);

function fittingRoute(route: Route, names: readonly string[]): Route {
  const { patience = "learned" } = route;
  const isFixed = patience !== "learned";
  const dropped: (keyof Route)[] = [
    ...(isFixed && longer(patience as Time, "0 s", route.readTimeout, "60 s") ? (["patience"] as const) : []),
    ...(longer(route.connectTimeout, "250 ms", route.retryFor, "4 s")
      ? (["connectTimeout", "retryFor"] as const)
      : []),
  ];
  return { ...without(route, ...dropped), pool: names.includes(route.pool) ? route.pool : (names[0] ?? "") };
}

function fittingPool(name: string, pool: Pool, hasTls: boolean): unknown {
  const { weight, ...rest } = pool;
  const own = name === "web" ? rest : without(rest, "id");
  const spoken = hasTls ? own : without(own, "protocol");
  const asked = own.health?.protocol === "grpc" ? own.health : own.health && without(own.health, "service");
  const counts = countsWeights(pool.algorithm ?? { kind: "weighted-round-robin" });
  return {
    ...spoken,
    ...(asked === undefined ? {} : { health: asked }),
    ...(weight === undefined || !counts ? {} : { weights: { [`${own.id ?? name}-1`]: weight } }),
  };
}

/** @param stack with a `weight` in place of weights by key */
export function fitting(stack: Stack): unknown {
  const names = Object.keys(stack.pools);
  const hasTls = (stack.balancer?.listen?.tls ?? null) !== null;
  return {
    ...stack,
    pools: Object.fromEntries(
      Object.entries(stack.pools).map(([name, pool]) => [name, fittingPool(name, pool, hasTls)]),
    ),
    ...(stack.routes === undefined
      ? {}
      : { routes: stack.routes.map((route) => fittingRoute(route, names)) }),
  };
}
