import type { ForecastLoad, RequestClass } from "../../components/plan/forecast-types.ts";
import type { ClusterPlan, RoutePlan } from "../../components/plan/types.ts";
import type { Stream } from "../../infra/runtime/load/protocol.ts";
import { classOf } from "./check.ts";

/** How long a node works on each request: long enough that some are under way whenever a fault strikes. */
export const service = 20;
/** The route that the load takes, but for what may be sent twice. */
export const loadPath = "/";

/** The pool that answers `/`: the one whose nodes are hit. */
export function drilledPool(plan: ClusterPlan): string {
  return (
    plan.routes.find(({ host, path }) => host === null && path === loadPath)?.pool ??
    plan.pools[0]?.name ??
    ""
  );
}

/** The routes that the load takes: the one of the root, and one for what may be sent twice where there is one. None without the first. */
export function loadRoutes(plan: ClusterPlan, pool: string): RoutePlan[] {
  const own = plan.routes.filter((route) => route.host === null && route.pool === pool);
  const root = own.find(({ path }) => path === loadPath);
  const twice = own.find(({ idempotent, streaming }) => idempotent && !streaming);
  return root === undefined ? [] : [root, ...(twice === undefined ? [] : [twice])];
}

/** The mix of a drill: what may be asked twice and what may not, on kept connections and on new ones. */
export function streamsOf(plan: ClusterPlan, pool: string): Stream[] {
  const [, idempotent] = loadRoutes(plan, pool);
  const post = { method: "POST", path: `/counter?ms=${service}` } as const;
  const get = { method: "GET", path: `/slow?ms=${service}` } as const;
  return [
    { name: "get", ...get, share: 3, fresh: false },
    { name: "get-new", ...get, share: 2, fresh: true },
    { name: "post", ...post, share: 2, fresh: false },
    { name: "post-new", ...post, share: 1, fresh: true },
    ...(idempotent === undefined
      ? []
      : [
          {
            name: "idempotent",
            method: "POST" as const,
            path: `${idempotent.path.replace(/\/$/, "")}/counter?ms=${service}`,
            share: 2,
            fresh: false,
          },
        ]),
  ];
}

/** The same mix, as the forecast wants it; `hold` is how long the fault lasts, in milliseconds. */
export function forecastLoad(plan: ClusterPlan, pool: string, rate: number, hold: number): ForecastLoad {
  const streams = streamsOf(plan, pool);
  const total = streams.reduce((sum, { share }) => sum + share, 0);
  const of = (kind: RequestClass) =>
    streams.reduce((sum, { name, share }) => sum + (classOf(name) === kind ? (rate * share) / total : 0), 0);
  return {
    rate: { get: of("get"), post: of("post"), idempotent: of("idempotent") },
    service,
    pool,
    path: loadPath,
    split: hold,
  };
}
