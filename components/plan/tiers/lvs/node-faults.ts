import { poolCapacity } from "../../capacity.ts";
import { outByChecks } from "../../checks.ts";
import {
  type CapacityAfterLoss,
  type CapacityLeft,
  during,
  eachClass,
  type Forecast,
  type ForecastLoad,
  nothing,
  plus,
  type Range,
  span,
  underWay,
} from "../../forecast-types.ts";
import type { ClusterPlan, PoolPlan } from "../../types.ts";

/*
 * What faults of nodes cost where connections are forwarded as they come: nobody asks another node, so whoever meets a node that is
 * lost bears it until the checks have seen it, and whoever has a connection there loses it. Sources in plan/forecast.ts.
 */

/**
 * Milliseconds for which an open connection stays at a node that fails its checks, before the kernel ends it
 * (infra/runtime/balancer/lua/hotspare/director.lua; a test holds the numbers equal).
 */
export const givenUpAfter = 5000;

/** Null where no service by TCP leads the load to its pool. */
export function nodesLost(
  plan: ClusterPlan,
  load: ForecastLoad,
  { one, all }: CapacityAfterLoss,
): Forecast[] | null {
  const pool = plan.pools.find(({ name }) => name === load.pool);
  if (pool === undefined || !reachesByTcp(plan, load.pool)) return null;
  const { active, hot, cold, shares } = poolCapacity(plan, load.pool);
  const share = Math.max(...shares.map((node) => node.share));
  const whole = allLost(pool, load, all);
  return [
    ...(active > 1 ? oneLost({ pool, load, share, capacity: one }) : []),
    ...(hot > 0 ? [whole] : []),
    ...(hot > 0 && cold > 0 && plan.wardens.length > 0 ? [coldStarted(whole)] : []),
  ];
}

function reachesByTcp({ tier }: ClusterPlan, pool: string): boolean {
  return (
    "services" in tier && tier.services.some((service) => service.protocol === "tcp" && service.pool === pool)
  );
}

/** What meets a lost node until that is known: from nothing, where clients keep connections to others, to all of its share. */
function until(load: ForecastLoad, share: number, known: Range): Forecast["lost"] {
  return eachClass(load, (rate) =>
    plus(span(0, during(rate * share, known).high), underWay(rate * share, load.service)),
  );
}

interface Node {
  readonly pool: PoolPlan;
  readonly load: ForecastLoad;
  /** Part of the connections that the most loaded node has. */
  readonly share: number;
  readonly capacity: CapacityLeft | null;
}

function oneLost({ pool, load, share, capacity }: Node): Forecast[] {
  const told = outByChecks(pool, false);
  const silent = outByChecks(pool, true);
  const fault = (id: Forecast["id"], title: string, detect: Range, known = detect): Forecast => ({
    id,
    title,
    detect,
    noService: nothing,
    lost: until(load, share, known),
    worst: null,
    open: span(share),
    capacity,
  });
  // Its process's machine may refuse connections, or nobody answers any more.
  const either = span(told.low, silent.high);
  const { protocol } = pool.health;
  const reads = protocol !== "tcp";
  const readsStatus = protocol === "http" || protocol === "grpc";
  return [
    fault("node-killed", "a node is killed", either),
    { ...fault("node-crashed", "a node's process dies", either), capacity: null },
    fault("node-unplugged", "a node's network is cut", silent),
    // A check that is content with a connection never sees what follows: the node's kernel makes connections.
    ...(reads
      ? [
          fault("node-frozen", "a node is frozen", silent),
          { ...fault("node-slow", "a node is slower than its checks bear", silent), capacity: null },
        ]
      : []),
    // Who has a connection there goes on meeting the error on it.
    ...(readsStatus
      ? [fault("node-errors", "a node answers 500", told, span(told.low, told.high + givenUpAfter))]
      : []),
  ];
}

function allLost(pool: PoolPlan, load: ForecastLoad, capacity: CapacityLeft | null): Forecast {
  const known = span(outByChecks(pool, false).low, outByChecks(pool, true).high);
  return {
    id: "all-active-lost",
    title: "all active nodes are lost, a hot standby takes over",
    detect: known,
    noService: known,
    lost: until(load, 1, known),
    worst: null,
    open: span(1),
    capacity,
  };
}

/** Nobody waits for the cold one: until it serves, the hot ones do. */
function coldStarted(whole: Forecast): Forecast {
  return {
    ...whole,
    id: "cold-started",
    title: "all active nodes are lost, and a cold standby is started beside the hot",
  };
}
