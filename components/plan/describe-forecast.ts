import { forecast } from "./forecast.ts";
import {
  type CapacityLeft,
  type Forecast,
  type ForecastId,
  type ForecastLoad,
  plus,
  type Range,
  type RequestClass,
} from "./forecast-types.ts";
import { forwardsPackets } from "./tiers/forwards.ts";
import { tierPlanner } from "./tiers/select.ts";
import type { ClusterPlan } from "./types.ts";

/** The load that `plan` forecasts for: 100 requests a second, so that counts read as per cent of a second. */
export const describedLoad: Omit<ForecastLoad, "pool"> = {
  rate: { get: 50, post: 25, idempotent: 25 },
  service: 20,
  split: 4000,
};

/** Forecasts for the pool that answers `/`, or the first service by TCP, for the load that `plan` describes. */
export function planForecast(plan: ClusterPlan): Forecast[] {
  const pool = tierPlanner(plan.tier.kind).mainPool(plan) ?? "";
  return forecast(plan, { ...describedLoad, pool });
}

/** Its requests a second of all classes. */
export const describedRate = Object.values(describedLoad.rate).reduce((sum, rate) => sum + rate, 0);

/** Most requests of all classes that a fault costs, by the plan's own forecast. */
export function lostBy(plan: ClusterPlan, fault: ForecastId): number {
  const lost = planForecast(plan).find(({ id }) => id === fault)?.lost;
  return lost === undefined ? 0 : Object.values(lost).reduce((sum, { high }) => sum + high, 0);
}

/** What is no fault, or costs nobody but the one who makes it. */
const unsaid: ReadonlySet<ForecastId> = new Set([
  "members-changed",
  "scaled",
  "rolled",
  "poison-url",
  "large-header",
  "slow-clients",
]);

/** Forecasts in words, a line a fault. */
export function describeForecast(plan: ClusterPlan): string {
  const forecasts = planForecast(plan).filter(({ id }) => !unsaid.has(id));
  if (forecasts.length === 0) return "";
  const forwarded = forwardsPackets(plan);
  const load = forwarded ? describeForwarded() : describeLoad();
  const head = `what faults will cost, by the timers alone (${load}):`;
  const width = Math.max(...forecasts.map(({ title }) => title.length));
  return [head, ...forecasts.map((one) => `  ${one.title.padEnd(width)}  ${describe(one, forwarded)}`)].join(
    "\n",
  );
}

/** The load of {@link describedLoad} in words: figures of a forecast mean nothing without it. */
export function describeLoad(): string {
  const { rate, service } = describedLoad;
  return `${rate.get} GET, ${rate.post} POST and ${rate.idempotent} idempotent POST a second of ${service} ms; clients that never ask twice`;
}

/** The same where nobody reads what the requests are. */
function describeForwarded(): string {
  return `${describedRate} requests a second of ${describedLoad.service} ms, each on a connection of its own; clients that never ask twice`;
}

const kinds = [
  ["get", "GET"],
  ["post", "POST"],
  ["idempotent", "idempotent POST"],
] as const satisfies readonly (readonly [RequestClass, string])[];

/** Each kind of request that is lost, or all as one where they fare alike. */
function lossesOf(lost: Forecast["lost"], alike: boolean): string[] {
  const all = kinds.map(([kind]) => lost[kind]).reduce(plus);
  if (alike) return all.high > 0 ? [`${amount(all)} requests`] : [];
  return kinds.flatMap(([kind, name]) => (lost[kind].high > 0 ? [`${amount(lost[kind])} ${name}`] : []));
}

function describe({ noService, lost, worst, unlearned, open, capacity }: Forecast, alike: boolean): string {
  const losses = lossesOf(lost, alike);
  const parts = [
    noService.high === 0 ? "somebody always answers" : `nobody answers for ${time(noService)}`,
    losses.length === 0 ? "nothing is lost" : `lost: ${losses.join(", ")}`,
    ...(open === undefined ? [] : [openText(open)]),
    ...(worst === null ? [] : [`longest wait ${time(worst)}${untilLearned(unlearned)}`]),
    ...(capacity === null ? [] : [capacityText(capacity)]),
  ];
  return parts.join("; ");
}

/** What a balancer that has just begun makes clients wait, where it is more. */
function untilLearned(unlearned: Range | undefined): string {
  return unlearned === undefined ? "" : ` (${time(unlearned)} until the balancers know the route)`;
}

/** What becomes of connections that have been open for a while. */
export function openText({ low, high }: Range): string {
  const [from, to] = [Math.round(100 * low), Math.round(100 * high)];
  if (to === 0) return "open connections go on";
  return `${from === to ? to : `${from}–${to}`} % of open connections end`;
}

/** `83 % of the capacity for 35–80 s`: what is left, and until it is whole. */
function capacityText({ left, until }: CapacityLeft): string {
  return `${Math.floor(100 * left)} % of the capacity for ${time(until)}`;
}

function amount({ low, high }: Range): string {
  const [from, to] = [Math.floor(low), Math.ceil(high)];
  return from === to ? String(from) : `${from}–${to}`;
}

/** `20–270 ms`, `1.00–1.02 s`, `10–58 s`. */
export function time({ low, high }: Range): string {
  const unit = high >= 1000 ? "s" : "ms";
  const digits = high >= 10_000 ? 0 : 2;
  const show = (value: number) => (unit === "s" ? (value / 1000).toFixed(digits) : String(Math.round(value)));
  return show(low) === show(high) ? `${show(low)} ${unit}` : `${show(low)}–${show(high)} ${unit}`;
}
