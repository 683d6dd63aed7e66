import type { HealthSpec } from "../../components/model/spec.ts";
import type { Forecast, ForecastId, Range } from "../../components/plan/forecast-types.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import type { FaultSpec } from "./faults/spec.ts";

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
