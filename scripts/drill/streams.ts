import type { ForecastLoad, RequestClass } from "../../components/plan/forecast-types.ts";
import { tierPlanner } from "../../components/plan/tiers/select.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import type { Stream } from "../../infra/runtime/load/protocol.ts";
import { classOf } from "./check.ts";
import { tierDrills } from "./tiers/select.ts";

/** How long a node works on each request: long enough that some are under way whenever a fault strikes. */
export const service = 20;
/** The pool whose nodes are hit: the one that a load of no special kind meets. */
export function drilledPool(plan: ClusterPlan): string {
  return tierPlanner(plan.tier.kind).mainPool(plan) ?? plan.pools[0]?.name ?? "";
}

/** The mix of a drill: what may be asked twice and what may not, on kept connections and on new ones. */
export function streamsOf(plan: ClusterPlan, pool: string): Stream[] {
  const idempotent = tierDrills(plan.tier.kind).load.idempotent(plan, pool);
  const post = { method: "POST", path: `/counter?ms=${service}` } as const;
  const get = { method: "GET", path: `/slow?ms=${service}` } as const;
  return [
    { name: "get", ...get, share: 3, fresh: false },
    { name: "get-new", ...get, share: 2, fresh: true },
    { name: "post", ...post, share: 2, fresh: false },
    { name: "post-new", ...post, share: 1, fresh: true },
    ...(idempotent === null
      ? []
      : [
          {
            name: "idempotent",
            method: "POST" as const,
            path: `${idempotent.replace(/\/$/, "")}/counter?ms=${service}`,
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
    path: "/",
    split: hold,
  };
}
