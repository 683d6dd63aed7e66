import type { ClusterPlan, RoutePlan } from "./types.ts";

type Place = Pick<RoutePlan, "host" | "path">;

/** What a route is called: `/api/`, or `shop.test/api/` where it is for one host only. */
export const routeName = ({ host, path }: Place): string => `${host ?? ""}${path}`;

/**
 * The route that answers below a path of a host: the host's own first, then those for any. The plan has longer paths first. Undefined
 * where there is none.
 */
export function routeAnswering({ routes }: Pick<ClusterPlan, "routes">, place: Place): RoutePlan | undefined {
  const fits = (host: string | null) =>
    routes.find((route) => route.host === host && place.path.startsWith(route.path));
  return fits(place.host) ?? fits(null);
}
