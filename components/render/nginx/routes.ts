import { routeName } from "../../plan/route-name.ts";
import type { RoutePlan } from "../../plan/types.ts";
import type { NginxPlan } from "./plan.ts";
import { luaString } from "./text.ts";

/*
 * What the balancer's Lua code has to know of routes and pools to settle tries: how many, for how long, and how patient.
 */

/** Silence that a streaming route bears: an hour, as the model promises. */
const streamingSilence = 3_600_000;

/** Whether a try's patience is learned. What is streamed may be silent for as long as it likes. */
export const learns = ({ patience, streaming }: RoutePlan): boolean => patience === "learned" && !streaming;

/** Whether a second node is asked at all. nginx reads 0 as "no limit"; here it means no retry. */
export const retried = ({ tries, retryFor }: RoutePlan): boolean => tries > 1 && retryFor > 0;

/** Milliseconds of a node's silence beyond which nothing is borne. */
export function silence({ streaming, patience, readTimeout }: RoutePlan): number {
  const longest = patience === "learned" ? readTimeout : patience;
  return streaming ? Math.max(streamingSilence, longest) : longest;
}

/** The tables, as statements for nginx's start. */
export function routeTable(plan: NginxPlan): string[] {
  return [
    'require("hotspare.routes").set({',
    ...plan.routes.map((route) => `  [${luaString(routeName(route))}] = { ${fields(route).join(", ")} },`),
    "})",
    'require("hotspare.tries").shares = {',
    ...plan.pools.map(({ name, retryBudget }) => `  [${luaString(name)}] = ${decimal(retryBudget)},`),
    "}",
  ];
}

function fields(route: RoutePlan): string[] {
  return [
    `tries = ${decimal(retried(route) ? route.tries : 1)}`,
    `retry_for = ${seconds(route.retryFor)}`,
    `read = ${seconds(silence(route))}`,
    `learned = ${learns(route)}`,
    `repeats = ${route.idempotent}`,
    ...(route.streaming ? ["streams = true"] : []),
  ];
}

const seconds = (milliseconds: number) => decimal(milliseconds / 1000);

/** A number as Lua reads it; never `1e-7`. */
function decimal(value: number): string {
  if (!Number.isFinite(value) || value < 0) throw new Error(`${value} is no number for a balancer`);
  return String(Number(value.toFixed(6)));
}
