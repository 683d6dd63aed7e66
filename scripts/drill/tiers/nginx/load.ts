import { patienceOf } from "../../../../components/plan/patience.ts";
import type { ClusterPlan, RoutePlan } from "../../../../components/plan/types.ts";
import type { TierLoad } from "../types.ts";

/** The route that the load takes, but for what may be sent twice. */
const loadPath = "/";

/** The routes that the load takes: the one of the root, and one for what may be sent twice where there is one. None without the first. */
function loadRoutes(plan: ClusterPlan, pool: string): RoutePlan[] {
  const own = plan.routes.filter((route) => route.host === null && route.pool === pool);
  const root = own.find(({ path }) => path === loadPath);
  const twice = own.find(({ idempotent, streaming }) => idempotent && !streaming);
  return root === undefined ? [] : [root, ...(twice === undefined ? [] : [twice])];
}

/** Requests by the root's route, and by one that may send twice. */
export const nginxLoad: TierLoad = {
  unfit: (plan, pool, rate) => {
    const [route] = loadRoutes(plan, pool);
    if (route === undefined) return `there is no route ${loadPath}, and the load takes that`;
    if (route.idempotent)
      return `the route ${loadPath} is declared idempotent, and the load needs one on which a POST must not be sent twice`;
    if (route.streaming)
      return `the route ${loadPath} is for streams, and bears a node's silence for an hour`;
    if (route.rateLimit !== null && route.rateLimit.perSecond < rate)
      return `the route ${loadPath} lets ${route.rateLimit.perSecond} requests a second of one client through, and the load is ${rate}`;
    return null;
  },
  idempotent: (plan, pool) => loadRoutes(plan, pool)[1]?.path ?? null,
  bears: (plan, pool, service) => {
    const routes = loadRoutes(plan, pool);
    if (routes.length === 0) return null;
    return {
      silence: Math.max(...routes.map((route) => patienceOf(route, service))) + service,
      shortest: Math.min(...routes.flatMap((route) => [patienceOf(route, service), route.connectTimeout])),
      stays: 0,
    };
  },
};
