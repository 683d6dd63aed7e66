import { poolCapacity } from "./capacity.ts";
import type { BalancerPlan, ClusterPlan, PoolPlan, RoutePlan } from "./types.ts";

/*
 * What each kind of fault will cost, worked out from the timers of a plan and from nothing else, so that a person sees it before
 * anything is made and a drill can be held against it. Ranges, since a fault meets every timer at some point of its interval.
 *
 * Sources:
 * - VRRP take-over: RFC 9568, 6.1: Master_Down_Interval = 3 × Advertisement_Interval + Skew_Time, Skew_Time = (256 − priority) /
 *   256 × Advertisement_Interval. The last advert was sent up to one interval before the fault. An advert of priority 0 (a
 *   goodbye) makes the peer wait Skew_Time only (6.4.2).
 * - Checks: one starts each `interval`; `fall` failed ones in a row take a member out (infra/runtime/balancer/lua, health, streak).
 * - Retries: nginx sends a request to the next member after an error, a time-out, 502, 503 and 504; one with a method that is not
 *   idempotent only when nothing of it was sent, or where `non_idempotent` is set (ngx_http_proxy_module, proxy_next_upstream).
 * - Passive marks: a member whose connection fails or breaks is left out at once (candidates.lua).
 * - A client's first packet that nobody answers is sent again after 1 s (RFC 6298, 2.1; TCP_TIMEOUT_INIT in Linux).
 */

/** From–to; of times in milliseconds, of requests a count. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Kinds of requests, as far as they fare differently: what may be sent twice, and whether the connection is new. */
export type RequestClass = "get" | "post" | "idempotent";

/** The load that a forecast is for. */
export interface ForecastLoad {
  /** Requests a second of each class. */
  readonly rate: Readonly<Record<RequestClass, number>>;
  /** Milliseconds that a node takes to answer. */
  readonly service: number;
  /** The pool that is hit; its most loaded node, where it is one. */
  readonly pool: string;
}

export interface Forecast {
  readonly id: ForecastId;
  readonly title: string;
  /** Until the balancers know; null where nobody has to notice. */
  readonly detect: Range | null;
  /** Without an answer to anybody. */
  readonly noService: Range;
  /** Requests that fail, by class, for clients that never ask twice. */
  readonly lost: Readonly<Record<RequestClass, Range>>;
  /** Longest wait of a request that is answered; null where no timer makes anybody wait. */
  readonly worst: Range | null;
}

export type ForecastId =
  | "node-killed"
  | "node-frozen"
  | "node-errors"
  | "node-slow"
  | "node-unplugged"
  | "node-crashed"
  | "all-active-lost"
  | "balancer-killed"
  | "balancer-frozen"
  | "balancer-stopped"
  | "nginx-dead"
  | "keepalived-dead"
  | "members-changed"
  | "scaled";

const synRetransmit = 1000;
/** From a process's end to the peer's timer: waking the supervisor, writing a file, inotify, one packet. Measured, 5–30 ms. */
const reaction: Range = { low: 0, high: 30 };

const nothing: Range = { low: 0, high: 0 };

/** Every fault that the timers of this plan tell something of. */
export function forecast(plan: ClusterPlan, load: ForecastLoad): Forecast[] {
  const pool = plan.pools.find(({ name }) => name === load.pool);
  const route = plan.routes.find((candidate) => candidate.pool === load.pool && !candidate.idempotent);
  if (pool === undefined || route === undefined) return [];
  const { active, hot, shares } = poolCapacity(plan, load.pool);
  const timers = { pool, route, share: Math.max(...shares.map(({ share }) => share)), load };
  const pair =
    plan.balancers.length > 1 ? balancerFaults(plan.balancers, plan.tier.failover.advertise, load) : [];
  return [
    ...(active > 1 ? nodeFaults(timers) : []),
    ...(hot > 0 ? [allActiveLost(timers)] : []),
    ...pair,
    harmless("members-changed", "members and weights change"),
    harmless("scaled", "a node more and a node less"),
  ];
}

interface Timers {
  readonly pool: PoolPlan;
  readonly route: RoutePlan;
  /** Part of the pool's requests that its most loaded node gets. */
  readonly share: number;
  readonly load: ForecastLoad;
}

/** Until `fall` checks have failed: each at once (refused, 500), or only when its time-out is over. */
function outByChecks({ health }: PoolPlan, silent: boolean): Range {
  const last = silent ? health.timeout : 0;
  return { low: (health.fall - 1) * health.interval + last, high: health.fall * health.interval + last };
}

/** Requests under way: on average rate × service (Little), at one moment at most three deviations more (Poisson). */
function underWay(rate: number, service: number): Range {
  const mean = (rate * service) / 1000;
  return { low: 0, high: Math.ceil(mean + 3 * Math.sqrt(mean)) };
}

const during = (rate: number, span: Range): Range => ({
  low: (rate * span.low) / 1000,
  high: (rate * span.high) / 1000,
});
const plus = (a: Range, b: Range): Range => ({ low: a.low + b.low, high: a.high + b.high });
const span = (low: number, high = low): Range => ({ low, high });

function nodeFaults(timers: Timers): Forecast[] {
  const { pool, route, share, load } = timers;
  const { service } = load;
  const atNode = (kind: RequestClass) => load.rate[kind] * share;
  const silent = outByChecks(pool, true);
  const told = outByChecks(pool, false);
  const inFlight = underWay(atNode("post"), service);
  // A POST that the node has taken stays with it; a GET is asked again after the silence that the route bears.
  const sticks = {
    detect: silent,
    noService: nothing,
    lost: { get: nothing, post: plus(during(atNode("post"), silent), inFlight), idempotent: nothing },
    worst: span(route.readTimeout, route.readTimeout + service),
  };
  // Its kernel, or nobody any more, refuses connections: the first request that meets it marks it.
  const refuses = {
    detect: span(0, Math.min(route.connectTimeout, silent.high)),
    noService: nothing,
    lost: { get: nothing, post: inFlight, idempotent: nothing },
    worst: span(service, route.connectTimeout + service),
  };
  const fails = (kind: RequestClass) => during(atNode(kind), told);
  return [
    { id: "node-killed", title: "a node is killed", ...refuses },
    { id: "node-crashed", title: "a node's process dies", ...refuses },
    { id: "node-frozen", title: "a node is frozen", ...sticks },
    { id: "node-slow", title: "a node is slower than the route bears", ...sticks },
    {
      id: "node-unplugged",
      title: "a node's network is cut",
      ...sticks,
      // New connections are refused by time-out and mark the node; only what goes out on kept ones is lost.
      detect: span(Math.min(route.connectTimeout, silent.low), silent.high),
      lost: { ...sticks.lost, post: { low: 0, high: sticks.lost.post.high } },
    },
    {
      id: "node-errors",
      title: "a node answers 500",
      detect: told,
      noService: nothing,
      lost: { get: fails("get"), post: fails("post"), idempotent: fails("idempotent") },
      worst: null,
    },
  ];
}

function allActiveLost({ route, load }: Timers): Forecast {
  return {
    id: "all-active-lost",
    title: "all active nodes are lost, a hot standby takes over",
    detect: span(0, route.connectTimeout),
    noService: span(0, 2 * route.connectTimeout),
    lost: { get: nothing, post: underWay(load.rate.post, load.service), idempotent: nothing },
    worst: span(load.service, 2 * route.connectTimeout + load.service),
  };
}

/** How long the address is nobody's, when its holder falls silent and when it says goodbye. */
export function addressGap(
  balancers: readonly BalancerPlan[],
  advertise: number,
): { readonly silent: Range; readonly goodbye: Range } {
  // Whichever holds it, one of the others takes over; its own skew counts.
  const skews = balancers.map(({ priority }) => ((256 - priority) / 256) * advertise);
  const skew = { low: Math.min(...skews), high: Math.max(...skews) };
  return {
    silent: { low: 2 * advertise + skew.low, high: 3 * advertise + skew.high },
    goodbye: plus(skew, reaction),
  };
}

function balancerFaults(
  balancers: readonly BalancerPlan[],
  advertise: number,
  load: ForecastLoad,
): Forecast[] {
  const { silent, goodbye } = addressGap(balancers, advertise);
  const { service } = load;
  const each = (lost: (rate: number) => Range) => ({
    get: lost(load.rate.get),
    post: lost(load.rate.post),
    idempotent: lost(load.rate.idempotent),
  });
  const inFlight = (rate: number) => underWay(rate, service);
  // Connections that clients keep belong to the balancer that took them: the next request on each is refused by the other one.
  const kept = (rate: number) => plus(inFlight(rate), inFlight(rate));
  const again =
    synRetransmit * Math.max(1, 2 ** Math.ceil(Math.log2((silent.high + 1) / synRetransmit + 1)) - 1);
  // nginx goes on, and the address stays on its machine's loopback card: neighbours who know the machine are served until the
  // address is announced elsewhere. Only who asks for it anew meanwhile gets no answer.
  const atMost = ({ high }: Range) => span(0, high);
  return [
    {
      id: "balancer-killed",
      title: "the balancer with the address is killed",
      detect: null,
      noService: silent,
      // A dead machine is silent, and first packets are sent again. A dead container's kernel refuses connections until Docker has
      // taken its card away, which may take as long as the move.
      lost: each((rate) => ({ low: 0, high: during(rate, silent).high + inFlight(rate).high })),
      worst: span(service, again + service),
    },
    {
      id: "balancer-frozen",
      title: "the balancer with the address is frozen",
      detect: null,
      noService: silent,
      // Its kernel goes on accepting connections and requests until the address has moved.
      lost: each((rate) => plus(during(rate, silent), kept(rate))),
      worst: span(service, again + service),
    },
    {
      id: "balancer-stopped",
      title: "the balancer with the address is stopped",
      detect: null,
      noService: atMost(goodbye),
      lost: each(kept),
      worst: span(service, again + service),
    },
    {
      id: "nginx-dead",
      title: "nginx of the balancer with the address dies",
      detect: null,
      noService: goodbye,
      // Nobody listens, and the kernel says so: every request is refused at once.
      lost: each((rate) => plus(during(rate, goodbye), inFlight(rate))),
      worst: span(service, again + service),
    },
    {
      id: "keepalived-dead",
      title: "keepalived of the balancer with the address dies",
      detect: null,
      noService: atMost(silent),
      lost: each(kept),
      worst: span(service, again + service),
    },
  ];
}

function harmless(id: ForecastId, title: string): Forecast {
  return {
    id,
    title,
    detect: null,
    noService: nothing,
    lost: { get: nothing, post: nothing, idempotent: nothing },
    worst: null,
  };
}
