import { type Forecast, type ForecastLoad, harmless } from "./forecast-types.ts";
import { balancersPool, frontOf } from "./front.ts";
import { platformPlanner } from "./platforms/select.ts";
import { tierPlanner } from "./tiers/select.ts";
import type { ClusterPlan } from "./types.ts";

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
 * - Patience: what the balancers have learned under this very load (patience.ts).
 * - Passive marks: a member whose connection fails or breaks is left out at once (candidates.lua).
 * - Connections that are forwarded as they come: IPVS keeps each at its node (ip_vs_conn_in_get), and a director that doesn't know one
 *   asks the scheduler (`sloppy_tcp`), of which mh and sh say the same on every director (ip_vs_mh.c, ip_vs_sh.c). The sync daemon tells
 *   of a connection up to two seconds after it began (measured).
 * - A client's first packet that nobody answers is sent again after 1 s (RFC 6298, 2.1; TCP_TIMEOUT_INIT in Linux).
 */

/** Every fault that the timers of this plan tell something of; none where the load doesn't reach its pool. */
export function forecast(plan: ClusterPlan, load: ForecastLoad): Forecast[] {
  const tier = tierPlanner(plan.tier.kind);
  const platform = platformPlanner(plan.platform.kind);
  const nodes = tier.nodeFaults(plan, load, platform.capacityAfterLoss(plan, load.pool));
  if (nodes === null) return [];
  return [
    ...nodes,
    ...tierFaults(plan, load),
    ...platform.faults(plan, load),
    ...tier.clientFaults,
    harmless("members-changed", "members and weights change"),
    harmless("scaled", "a node more and a node less"),
    harmless("rolled", "every node is replaced"),
  ];
}

/** Of those who have the virtual address, and of balancers that all serve behind them. */
function tierFaults(plan: ClusterPlan, load: ForecastLoad): Forecast[] {
  const front = frontOf(plan);
  const holders = front ?? plan;
  const seen = front === null ? load : { ...load, pool: balancersPool };
  const planner = tierPlanner(holders.tier.kind);
  return [
    ...(holders.balancers.length > 1 ? planner.balancerFaults(holders, seen) : []),
    ...(front === null || plan.balancers.length < 2 ? [] : behindFaults(front, seen)),
  ];
}

/** To the directors balancers are what nodes are to balancers. */
function behindFaults(front: ClusterPlan, load: ForecastLoad): Forecast[] {
  const faults = tierPlanner(front.tier.kind).nodeFaults(front, load, { one: null, all: null }) ?? [];
  const named = {
    "node-killed": ["behind-killed", "killed"],
    "node-frozen": ["behind-frozen", "frozen"],
  } as const;
  return Object.entries(named).flatMap(([of, [id, word]]) =>
    faults
      .filter((fault) => fault.id === of)
      .map((fault) => ({ ...fault, id, title: `one of the balancers behind the directors is ${word}` })),
  );
}
