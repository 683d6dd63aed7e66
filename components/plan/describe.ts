import { formatProblem } from "../model/problem.ts";
import { formatDuration, formatSize } from "../model/units.ts";
import { poolCapacity } from "./capacity.ts";
import { platformPlanner } from "./platforms/select.ts";
import { routeName } from "./route-name.ts";
import { poolShown, withId } from "./shown.ts";
import type { ClusterPlan, PoolPlan, RoutePlan, WorkerPlan } from "./types.ts";

/** A plan in words: what a person wants to know before anything is made. */
export function describePlan(plan: ClusterPlan): string {
  const lines = [
    `${withId(plan.shownAs, plan.cluster)}: ${plan.environment} cluster on ${plan.platform.kind}, owner ${plan.owner}`,
    ...platformPlanner(plan.platform.kind).describe(plan),
    ...plan.routes.map(
      (route) =>
        `route ${routeName(route)} → ${poolShown(plan, route.pool)}: connect ${formatDuration(route.connectTimeout)}, silence ${silence(route)}, ${route.tries} tries in ${formatDuration(route.retryFor)}, bodies to ${formatSize(route.bodyLimit)}${route.idempotent ? ", idempotent" : ""}${route.streaming ? ", streaming" : ""}`,
    ),
  ];
  lines.push(
    ...(plan.tasks ?? []).map(
      ({ when, shownAs, command, timeout }) =>
        `${when} each release of ${shownAs} once: ${command.join(" ")}, at most ${formatDuration(timeout)}`,
    ),
  );
  lines.push(...(plan.workers ?? []).map(describeWorker));
  lines.push(...plan.pools.flatMap((pool) => [...describeSpoken(pool), ...describeSticky(plan, pool)]));
  if (plan.door !== null)
    lines.push(
      `door http://127.0.0.1:${plan.door.httpPort}${plan.door.tlsPort === null ? "" : `, https://127.0.0.1:${plan.door.tlsPort}`}`,
    );
  return [...lines, ...plan.warnings.map((warning) => `warning: ${formatProblem(warning)}`)].join("\n");
}

function describeWorker({ key, role, schedule, starts }: WorkerPlan): string {
  if (schedule !== undefined) return `${key}: runs at ${schedule.line} (${schedule.zone}), one at a time`;
  if (role === "singleton") return `${key}: ${starts ? "the one that runs" : "stands by, switched off"}`;
  return `${key}: runs all the time`;
}

/** How nodes are spoken to and checked, where that isn't plain HTTP. */
/** Checks that are no request. */
const checkedBy: Readonly<Partial<Record<PoolPlan["health"]["protocol"], string>>> = {
  tcp: "a connection",
  udp: "a datagram that they must answer",
  dns: "a question of DNS",
  mysql: "MySQL's greeting",
  postgres: "PostgreSQL's greeting",
};

function describeSpoken({ name, protocol, tls, health }: PoolPlan): string[] {
  const verified =
    tls === null || tls.authority === null ? "whatever their certificate" : `as ${tls.name}, verified`;
  const parts = [
    ...(protocol === "grpc" ? ["speak gRPC"] : []),
    ...(tls === null ? [] : [`are reached over TLS, ${verified}`]),
    ...(health.protocol === "grpc"
      ? [`are checked by gRPC's health protocol${health.service === "" ? "" : ` for ${health.service}`}`]
      : []),
    ...(checkedBy[health.protocol] === undefined ? [] : [`are checked by ${checkedBy[health.protocol]}`]),
    ...(health.host === null ? [] : [`are checked as ${health.host}`]),
  ];
  return parts.length === 0 ? [] : [`nodes of ${name} ${parts.join(", ")}`];
}

/** How sessions stay at their node, and how many of them the loss of one moves. */
function describeSticky(plan: ClusterPlan, { name, shownAs, sticky }: PoolPlan): string[] {
  if (sticky === null) return [];
  const { cookie, lifetime } = sticky;
  const until = lifetime === null ? "the browser is closed" : `${formatDuration(lifetime)} have passed`;
  const most = Math.max(0, ...poolCapacity(plan, name).shares.map(({ share }) => share));
  return [
    `sessions of ${shownAs} stay at their node by the cookie ${cookie}, until ${until}; the loss of a node moves up to ${Math.round(100 * most)} % of them`,
  ];
}

function silence({ patience, readTimeout, streaming }: RoutePlan): string {
  if (streaming) return "an hour";
  return patience === "learned"
    ? `learned, at most ${formatDuration(readTimeout)}`
    : formatDuration(patience);
}
