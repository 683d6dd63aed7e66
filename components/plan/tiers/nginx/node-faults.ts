import { poolCapacity } from "../../capacity.ts";
import { outByChecks } from "../../checks.ts";
import {
  type CapacityAfterLoss,
  type CapacityLeft,
  during,
  type Forecast,
  type ForecastLoad,
  nothing,
  plus,
  type Range,
  type RequestClass,
  span,
  underWay,
} from "../../forecast-types.ts";
import { patienceOf } from "../../patience.ts";
import type { ClusterPlan, PoolPlan, RoutePlan } from "../../types.ts";

/*
 * What faults of nodes cost where balancers read requests; sources in plan/forecast.ts.
 */

/** Null where no route leads the load to its pool. */
export function nodesLost(
  plan: ClusterPlan,
  load: ForecastLoad,
  { one: oneLost, all: allLost }: CapacityAfterLoss,
): Forecast[] | null {
  const pool = plan.pools.find(({ name }) => name === load.pool);
  const own = plan.routes.filter((candidate) => candidate.pool === load.pool);
  const route = own.find(
    ({ path, idempotent }) => (load.path === undefined || load.path === path) && !idempotent,
  );
  if (pool === undefined || route === undefined) return null;
  const idempotent = own.find((candidate) => candidate.idempotent && !candidate.streaming) ?? route;
  const { active, hot, cold, shares } = poolCapacity(plan, load.pool);
  const timers = {
    pool,
    active,
    route,
    idempotent,
    share: Math.max(...shares.map(({ share }) => share)),
    load,
    oneLost,
    allLost,
  };
  return [
    ...(active > 1 ? nodeFaults(timers) : []),
    ...(hot > 0 ? [allActiveLost(timers)] : []),
    ...(hot > 0 && cold > 0 && plan.wardens.length > 0 ? [coldStarted(timers)] : []),
  ];
}

interface Timers {
  readonly pool: PoolPlan;
  /** How many active nodes it has. */
  readonly active: number;
  readonly route: RoutePlan;
  /** The route of the requests that may be sent twice. */
  readonly idempotent: RoutePlan;
  /** Part of the pool's requests that its most loaded node gets. */
  readonly share: number;
  readonly load: ForecastLoad;
  /** Capacity after the loss of one node, and of all active ones; null where nobody makes it whole. */
  readonly oneLost: CapacityLeft | null;
  readonly allLost: CapacityLeft | null;
}

/**
 * Whether a request that has waited so long, at so many nodes, still goes to another. With a learned patience it is enough that the
 * last try began in time.
 */
function goesOn({ tries, retryFor, patience }: RoutePlan, waited: number, at = 1): boolean {
  const late = patience === "learned" ? (waited * (at - 1)) / at : waited;
  return tries > at && retryFor > late;
}

const upTo = ({ high }: Range): Range => span(0, high);

function nodeFaults(timers: Timers): Forecast[] {
  const { pool, route, idempotent, share, load, oneLost: capacity } = timers;
  const { service } = load;
  const atNode = (kind: RequestClass) => load.rate[kind] * share;
  const silent = outByChecks(pool, true);
  const told = outByChecks(pool, false);
  const inFlight = (kind: RequestClass) => underWay(atNode(kind), service);
  const until = (kind: RequestClass, known: Range) => plus(during(atNode(kind), known), inFlight(kind));
  const unanswered = route.connectTimeout;
  const silence = (answers: number | null) => {
    const [least, other] = [patienceOf(route, answers), patienceOf(idempotent, answers)];
    return span(least, Math.max(least, other) + service);
  };
  const [known, unknown] = [silence(service), silence(null)];
  // A POST that the node has taken stays with it; a GET is asked again after the silence that the route bears, if it is still
  // given the time.
  const sticks = {
    detect: silent,
    noService: nothing,
    lost: {
      get: goesOn(route, known.low) ? nothing : until("get", silent),
      post: until("post", silent),
      idempotent: goesOn(idempotent, patienceOf(idempotent, service)) ? nothing : until("idempotent", silent),
    },
    worst: known,
    ...(unknown.high === known.high ? {} : { unlearned: unknown }),
    capacity,
  };
  // Its kernel, or nobody any more, refuses connections: the first request that meets it marks it.
  const marked = span(0, Math.min(unanswered, silent.high));
  const refused = (kind: RequestClass, on: RoutePlan, asked: Range) =>
    goesOn(on, on.connectTimeout) ? asked : upTo(until(kind, marked));
  const refuses = {
    detect: marked,
    noService: nothing,
    lost: {
      get: refused("get", route, nothing),
      post: refused("post", route, inFlight("post")),
      idempotent: refused("idempotent", idempotent, nothing),
    },
    worst: span(service, Math.max(unanswered, idempotent.connectTimeout) + service),
    capacity,
  };
  const fails = (kind: RequestClass) => during(atNode(kind), told);
  return [
    { id: "node-killed", title: "a node is killed", ...refuses },
    // It is started again where it is, and a group doesn't hear of what is only slow.
    { id: "node-crashed", title: "a node's process dies", ...refuses, capacity: null },
    { id: "node-frozen", title: "a node is frozen", ...sticks },
    { id: "node-slow", title: "a node is slower than the route bears", ...sticks, capacity: null },
    {
      id: "node-unplugged",
      title: "a node's network is cut",
      ...sticks,
      // New connections are refused by time-out and mark the node; only what goes out on kept ones is lost.
      detect: span(Math.min(route.connectTimeout, silent.low), silent.high),
      lost: {
        get: upTo(sticks.lost.get),
        post: upTo(sticks.lost.post),
        idempotent: upTo(sticks.lost.idempotent),
      },
    },
    {
      id: "node-errors",
      title: "a node answers 500",
      detect: told,
      noService: nothing,
      lost: { get: fails("get"), post: fails("post"), idempotent: fails("idempotent") },
      worst: null,
      capacity,
    },
  ];
}

function allActiveLost({ active, route, idempotent, load, allLost }: Timers): Forecast {
  const noService = span(0, 2 * route.connectTimeout);
  const inFlight = (kind: RequestClass) => underWay(load.rate[kind], load.service);
  // At two of them at most: what others met there is marked by then. But who is under way when they die can meet each of them in
  // its last moment, and needs a try more than there are nodes to reach a standby.
  const lost = (kind: RequestClass, on: RoutePlan, asked: Range) => {
    if (goesOn(on, 2 * on.connectTimeout, Math.max(2, active))) return asked;
    const caught = goesOn(on, 2 * on.connectTimeout, 2) ? nothing : during(load.rate[kind], noService);
    return upTo(plus(caught, inFlight(kind)));
  };
  return {
    id: "all-active-lost",
    title: "all active nodes are lost, a hot standby takes over",
    detect: span(0, route.connectTimeout),
    noService,
    lost: {
      get: lost("get", route, nothing),
      post: lost("post", route, inFlight("post")),
      idempotent: lost("idempotent", idempotent, nothing),
    },
    worst: span(load.service, 2 * Math.max(route.connectTimeout, idempotent.connectTimeout) + load.service),
    capacity: allLost,
  };
}

/** Nobody waits for the cold one: until it serves, the hot ones do. */
function coldStarted(timers: Timers): Forecast {
  return {
    ...allActiveLost(timers),
    id: "cold-started",
    title: "all active nodes are lost, and a cold standby is started beside the hot",
  };
}
