/*
 * The words of a forecast, and sums of ranges.
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
  /** Path of the route that the requests take; left out, the pool's first that isn't declared idempotent. */
  readonly path?: string;
  /** Milliseconds for which the balancers lose each other, where that is the fault. */
  readonly split: number;
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
  /** The same as long as the balancers have learned nothing of the routes' times; left out where that changes nothing. */
  readonly unlearned?: Range | undefined;
  /** Part of the connections open for some seconds that end, 0–1; left out where balancers end clients' connections at themselves. */
  readonly open?: Range | undefined;
  /** What of the capacity is missing afterwards, and how long; null where none is, or where no engine makes it whole by itself. */
  readonly capacity: CapacityLeft | null;
}

/** After the loss of one node of a pool, and of all active ones; null where nothing is missing, or nobody makes it whole. */
export interface CapacityAfterLoss {
  readonly one: CapacityLeft | null;
  readonly all: CapacityLeft | null;
}

/** Capacity that is left until an engine of the platform has made it whole. */
export interface CapacityLeft {
  /** Part of the whole, 0–1. */
  readonly left: number;
  readonly until: Range;
}

export type ForecastId =
  | "node-killed"
  | "node-frozen"
  | "node-errors"
  | "node-slow"
  | "node-unplugged"
  | "node-crashed"
  | "all-active-lost"
  | "cold-started"
  | "balancer-killed"
  | "balancer-frozen"
  | "balancer-stopped"
  | "nginx-dead"
  | "control-dead"
  | "keepalived-dead"
  | "partition"
  | "behind-killed"
  | "behind-frozen"
  | "poison-url"
  | "large-header"
  | "slow-clients"
  | "members-changed"
  | "scaled"
  | "rolled"
  | "balancer-rolled"
  | "zone-lost"
  | "nat-lost"
  | "dependency-down"
  | "spot-taken";

export const nothing: Range = { low: 0, high: 0 };

/** Requests under way: on average rate × service (Little), at one moment at most three deviations more (Poisson). */
export function underWay(rate: number, service: number): Range {
  const mean = (rate * service) / 1000;
  return { low: 0, high: Math.ceil(mean + 3 * Math.sqrt(mean)) };
}

export const during = (rate: number, span: Range): Range => ({
  low: (rate * span.low) / 1000,
  high: (rate * span.high) / 1000,
});
export const plus = (a: Range, b: Range): Range => ({ low: a.low + b.low, high: a.high + b.high });
export const span = (low: number, high = low): Range => ({ low, high });

/** What costs nobody anything. */
export function harmless(id: ForecastId, title: string): Forecast {
  return {
    id,
    title,
    detect: null,
    noService: nothing,
    lost: { get: nothing, post: nothing, idempotent: nothing },
    worst: null,
    capacity: null,
  };
}

/** The same for requests of each class, by their rate. */
export function eachClass({ rate }: ForecastLoad, of: (rate: number) => Range): Forecast["lost"] {
  return { get: of(rate.get), post: of(rate.post), idempotent: of(rate.idempotent) };
}
