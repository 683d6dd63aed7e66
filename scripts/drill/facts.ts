import type { HealthSpec } from "../../components/model/spec.ts";
import { outByChecks } from "../../components/plan/checks.ts";
import { forecast } from "../../components/plan/forecast.ts";
import type { Forecast, ForecastId, ForecastLoad, Range } from "../../components/plan/forecast-types.ts";
import { enoughAnswers, looksEach } from "../../components/plan/patience.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import type { FaultSpec } from "./faults/spec.ts";
import { forecastLoad, service } from "./streams.ts";
import { tierDrills } from "./tiers/select.ts";

/** What the limits and the times of a drill are worked out from: the stack's own plan and what its timers say. Milliseconds. */
export interface Facts {
  readonly fault: FaultSpec;
  /** What the timers say of the fault. */
  readonly forecast: Forecast;
  /** The fault that the forecast is of; another than the drill's own where that has none. */
  readonly basis: ForecastId;
  readonly health: HealthSpec;
  /** Until the checks have taken out a node that says nothing any more. */
  readonly silence: Range;
  /** Longest wait of a request that a silent node has, until it is answered by another; the load before the fault has taught it. */
  readonly silentWait: number;
  /** Until the balancers have learned the times of the load's routes; 0 where that changes nothing. */
  readonly learning: number;
  /** Shortest wait that a timer of a fault makes a client bear. */
  readonly shortestWait: number;
  /** How long an open connection goes on meeting a node that fails its checks. */
  readonly stays: number;
  readonly advertise: number;
  /** How long the wardens give hot standbys to do before they start a cold one, and active nodes before standbys go back. */
  readonly coldAfter: number;
  readonly calm: number;
  readonly rollout: ClusterPlan["rollout"];
  readonly active: number;
  readonly balancers: number;
  /** Connections that clients keep open all the while. */
  readonly keeps: number;
  /** What a node takes to answer a request of the load. */
  readonly service: number;
}

/** What of a drill its facts depend on. */
export interface Judged {
  readonly id: string;
  readonly basis?: ForecastId;
  readonly fault: FaultSpec;
  readonly keeps?: number;
}

/**
 * What a drill is judged by on a plan, under so many requests a second, when its fault lasts `hold`; null where the timers say
 * nothing of it.
 */
export function factsOf(
  drill: Judged,
  plan: ClusterPlan,
  pool: string,
  load: { readonly rate: number; readonly hold: number },
): Facts | null {
  const basis = drill.basis ?? drill.id;
  const asked = forecastLoad(plan, pool, load.rate, load.hold);
  const said = forecast(plan, asked).find(({ id }) => id === basis);
  const planned = plan.pools.find(({ name }) => name === pool);
  const bears = tierDrills(plan.tier.kind).load.bears(plan, pool, service);
  if (said === undefined || planned === undefined || bears === null) return null;
  const timers = plan.wardens[0]?.timers;
  return {
    fault: drill.fault,
    forecast: said,
    basis: said.id,
    health: planned.health,
    silence: outByChecks(planned, true),
    silentWait: bears.silence,
    learning: said.unlearned === undefined ? 0 : learning(asked.rate),
    shortestWait: bears.shortest,
    stays: bears.stays,
    advertise: plan.tier.failover.advertise,
    coldAfter: timers?.coldAfter ?? 0,
    calm: timers?.calm ?? 0,
    rollout: plan.rollout,
    active: plan.nodes.filter((node) => node.pool === pool && node.role === "active").length,
    balancers: plan.balancers.length,
    keeps: drill.keeps ?? 0,
    service,
  };
}

/** As many answers of the route with the fewest as are needed, and one look after the last of them. */
function learning({ get, post, idempotent }: ForecastLoad["rate"]): number {
  const fewest = Math.min(...[get + post, idempotent].filter((rate) => rate > 0));
  return (1000 * enoughAnswers) / fewest + 2 * looksEach;
}
