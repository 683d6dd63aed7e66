import { routeSchema } from "../../../model/schema/route.ts";
import type { ClusterSpec, NginxSpec } from "../../../model/spec.ts";
import { comparedPath } from "../../../model/url-path.ts";
import { routeName } from "../../route-name.ts";
import type { RoutePlan } from "../../types.ts";

/** Routes with the tier's limits filled in, longest path first; one for everything else is added when there is none. */
export function planRoutes(spec: ClusterSpec, tier: NginxSpec): RoutePlan[] {
  const [firstPool] = Object.keys(spec.pools);
  const written = spec.routes.some(({ host, path }) => host === null && comparedPath(path) === "/")
    ? spec.routes
    : [...spec.routes, routeSchema.parse({ path: "/", pool: firstPool })];
  return written
    .map((route) => ({
      ...route,
      bodyLimit: route.bodyLimit ?? tier.bodyLimit,
      rateLimit: route.rateLimit ?? tier.rateLimit,
    }))
    .sort((a, b) => b.path.length - a.path.length || (routeName(a) < routeName(b) ? -1 : 1));
}
