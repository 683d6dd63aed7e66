import type { RoutePlan } from "../../plan/types.ts";
import { word } from "../text.ts";
import { locationPath } from "./location-path.ts";
import type { NginxPlan } from "./plan.ts";

/** A server of nginx's: a host with the routes that it answers by, or (null) all hosts that have none of their own. */
export interface Site {
  readonly host: string | null;
  readonly routes: readonly RoutePlan[];
}

/** A host as nginx takes it in `server_name`. */
export const hostName = (host: string): string =>
  host.startsWith("*.") ? `*.${word(host.slice(2))}` : word(host);

/** Room for long names; nginx has it for short ones. */
export function hostSettings({ routes }: NginxPlan): string[] {
  return routes.every(({ host }) => host === null)
    ? []
    : ["server_names_hash_bucket_size 512;", "server_names_hash_max_size 8192;"];
}

/** The servers; the one for all other hosts comes first. Of a request's host nginx takes the exact name, then the longest wildcard. */
export function sites({ routes }: NginxPlan): Site[] {
  const hosts = [...new Set(routes.flatMap(({ host }) => (host === null ? [] : [host])))].sort();
  const anywhere = routes.filter(({ host }) => host === null);
  return [
    { host: null, routes: anywhere },
    ...hosts.map((host) => {
      const own = routes.filter((route) => route.host === host);
      // What none of its own fits. A longer path below one of its own would win otherwise.
      const left = anywhere.filter(
        ({ path }) => !own.some((route) => locationPath(path).startsWith(locationPath(route.path))),
      );
      return { host, routes: [...own, ...left] };
    }),
  ];
}
