import { fingerprint } from "../../model/hash.ts";
import { routeName } from "../../plan/route-name.ts";
import type { RoutePlan } from "../../plan/types.ts";
import { block, integer, paragraphs } from "../text.ts";
import { nodeHeaders } from "./headers.ts";
import { locationPath } from "./location-path.ts";
import { nextNode, passed, patience, spoken } from "./nodes.ts";
import { lookedAt } from "./paths.ts";
import type { NginxPlan } from "./plan.ts";
import { learns, retried, silence } from "./routes.ts";
import type { Site } from "./sites.ts";
import { milliseconds, nginxString } from "./text.ts";

/** Memory for the clients of one limit: 10 MB hold about 160,000 addresses. */
const zoneSize = "10m";

/** Memory of the rate limits, one for each limited route. Named by the path, so that another route's coming changes none. */
export function rateLimitZones(plan: NginxPlan): string[] {
  return plan.routes.flatMap((route) =>
    route.rateLimit === null
      ? []
      : [
          `limit_req_zone $binary_remote_addr zone=${zoneName(route)}:${zoneSize} rate=${integer(route.rateLimit.perSecond, 1)}r/s;`,
        ],
  );
}

function zoneName(route: RoutePlan): string {
  return `limit_${fingerprint(routeName(route))}`;
}

/** The routes as locations: nginx takes the longest prefix that fits. */
export function locations(plan: NginxPlan, { routes }: Site): string[] {
  const paths = new Set(routes.map(({ path }) => locationPath(path)));
  return paragraphs(
    ...routes.flatMap((route) => [
      location(plan, route),
      paths.has(withoutSlash(route)) ? [] : missingSlash(route),
    ]),
  );
}

/** A route's path without its last slash; empty where it is the root. */
function withoutSlash({ path }: RoutePlan): string {
  const compared = locationPath(path);
  return compared.endsWith("/") ? compared.slice(0, -1) : compared;
}

/** nginx would send a client from `/api` to `/api/` by 301, and a POST would become a GET. */
function missingSlash(route: RoutePlan): string[] {
  const path = withoutSlash(route);
  if (path === "" || path === locationPath(route.path)) return [];
  // In quotes, where a dollar would begin a variable.
  const target = `${encodeURI(path)}/`.replaceAll("$", "%24");
  return block(`location = ${nginxString(path)}`, [`return 308 "${target}$is_args$args";`]);
}

function location(plan: NginxPlan, route: RoutePlan): string[] {
  return block(`location ${nginxString(locationPath(route.path))}`, [
    `client_max_body_size ${integer(route.bodyLimit, 1)};`,
    ...rateLimit(route),
    // Where patience is learned, Lua makes these shorter for each try.
    ...patience(plan, route, silence(route)),
    ...(learns(route) ? block("body_filter_by_lua_block", ['require("hotspare.patience").touched()']) : []),
    ...retries(plan, route),
    ...(route.streaming ? streaming(plan, route) : []),
    ...spoken(plan, route),
    // A body that is read has so much time as its size gives it.
    ...lookedAt(plan, route.streaming || isGrpc(plan, route) ? null : route.bodyLimit),
    passed(plan, route),
  ]);
}

function rateLimit(route: RoutePlan): string[] {
  if (route.rateLimit === null) return [];
  // nodelay: what the burst allows passes at once. Without it nginx would hold requests back to the even rate.
  // nginx takes no burst of 0; leaving it out is the same.
  const { burst } = route.rateLimit;
  return [`limit_req zone=${zoneName(route)}${burst === 0 ? "" : ` burst=${integer(burst)} nodelay`};`];
}

/**
 * A failed try goes to another node; 502, 503 and 504 from a node are failures. POST, PATCH and LOCK go a second time only
 * where the route says that this does no harm.
 */
function retries(plan: NginxPlan, route: RoutePlan): string[] {
  const next = nextNode(plan, route);
  // For Lua, which settles the tries: how many of them, for how long, how patient each one is.
  const name = `set $hotspare_route ${nginxString(routeName(route))};`;
  if (!retried(route)) return [name, `${next} off;`];
  return [
    name,
    `${next} error timeout http_502 http_503 http_504${route.idempotent ? " non_idempotent" : ""};`,
    `${next}_tries ${integer(route.tries, 1)};`,
    // It grows with a patience that is learned, so Lua counts it.
    ...(learns(route) ? [] : [`${next}_timeout ${milliseconds(route.retryFor)};`]),
  ];
}

/** gRPC is passed on as it comes, always. */
function isGrpc({ pools }: NginxPlan, { pool }: RoutePlan): boolean {
  return pools.some(({ name, protocol }) => name === pool && protocol === "grpc");
}

/** What passes as it comes, and may become a WebSocket. Headers here replace all of the level above. */
function streaming(plan: NginxPlan, route: RoutePlan): string[] {
  // A client that streams may be silent for as long as a node may; else nginx ends the call after 15 s (408).
  const patient = `client_body_timeout ${milliseconds(silence(route))};`;
  if (isGrpc(plan, route)) return [patient];
  return [
    patient,
    "proxy_buffering off;",
    "proxy_request_buffering off;",
    // In the answer that changes the protocol; Lua removes it from others.
    "proxy_pass_header Upgrade;",
    ...nodeHeaders(plan),
    "proxy_set_header Upgrade $hotspare_upgrade;",
    "proxy_set_header Connection $hotspare_connection;",
  ];
}
