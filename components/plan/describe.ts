import { formatProblem } from "../model/problem.ts";
import { formatDuration, formatSize } from "../model/units.ts";
import { platformPlanner } from "./platforms/select.ts";
import type { ClusterPlan } from "./types.ts";

/** A plan in words: what a person wants to know before anything is made. */
export function describePlan(plan: ClusterPlan): string {
  const lines = [
    `${plan.cluster}: ${plan.environment} cluster on ${plan.platform.kind}, owner ${plan.owner}`,
    ...platformPlanner(plan.platform.kind).describe(plan),
    ...plan.routes.map(
      (route) =>
        `route ${route.path} → ${route.pool}: connect ${formatDuration(route.connectTimeout)}, silence ${formatDuration(route.readTimeout)}, ${route.tries} tries in ${formatDuration(route.retryFor)}, bodies to ${formatSize(route.bodyLimit)}${route.idempotent ? ", idempotent" : ""}${route.streaming ? ", streaming" : ""}`,
    ),
  ];
  if (plan.door !== null)
    lines.push(
      `door http://127.0.0.1:${plan.door.httpPort}${plan.door.tlsPort === null ? "" : `, https://127.0.0.1:${plan.door.tlsPort}`}`,
    );
  return [...lines, ...plan.warnings.map((warning) => `warning: ${formatProblem(warning)}`)].join("\n");
}
