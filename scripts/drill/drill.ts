import type { ForecastId } from "../../components/plan/forecast-types.ts";
import type { FaultSpec, Surroundings } from "./faults/spec.ts";
import type { LimitRule } from "./limits.ts";

/** A drill as the catalog has it: what is broken, for how long, and what may come of it. */
export interface Drill {
  readonly id: string;
  readonly title: string;
  readonly fault: FaultSpec;
  readonly limits: readonly LimitRule[];
  /** Milliseconds from the fault to its healing, at least: a stack of slow timers makes it longer. */
  readonly hold: number;
  /** Milliseconds watched after it, at least. */
  readonly settle: number;
  /** The fault whose forecast counts, of a drill that has none of its own. */
  readonly basis?: ForecastId;
  /** How often it strikes in one run of the load; 1 unless said. */
  readonly rounds?: number;
  /** Requests a second, where the drill wants another rate than the usual one. */
  readonly rate?: number;
  /** Connections that clients open before the fault and keep to the end. */
  readonly keeps?: number;
  readonly amid?: Surroundings;
  /** Runs only when it is named. */
  readonly onlyNamed?: boolean;
  /** What it needs beside nodes and balancers. */
  readonly needs?: "cold";
}

/** Requests a second of a drill that doesn't say otherwise: enough that 5 ms without service show, little enough for two cores. */
export const usualRate = 200;
