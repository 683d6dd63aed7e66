import type { Subnet } from "../../model/ip.ts";
import type { Warning } from "../../model/problem.ts";
import type { ClusterSpec } from "../../model/spec.ts";
import type { CapacityAfterLoss, Forecast, ForecastLoad } from "../forecast-types.ts";
import type { TierPlan } from "../tiers/types.ts";
import type { ClusterPlan, PlanContext } from "../types.ts";

/** What the planner needs of a kind of platform, beside its traits. Pure. */
export interface PlatformPlanner {
  /** What people call it. */
  readonly label: string;
  /** The network, and the machines or the groups of them. */
  plan(input: PlanningInput): PlannedPlatform;
  /** Name of a balancer's network card; null where the plan doesn't say. @param key of the balancer */
  card(plan: ClusterPlan, key: string): string | null;
  /** Network, balancers and pools in words, a line each. */
  describe(plan: ClusterPlan): string[];
  /** What only its own machinery can suffer; sources of every figure stand with it. */
  faults(plan: ClusterPlan, load: ForecastLoad): Forecast[];
  /** What of a pool's capacity is missing after a loss, where something makes it whole again. */
  capacityAfterLoss(plan: ClusterPlan, pool: string): CapacityAfterLoss;
  /** Machines that lose their power with this one, itself among them; null where nothing can cut it. @param key of the machine */
  poweredWith(plan: ClusterPlan, key: string): readonly string[] | null;
  /** What works there but deserves a second thought. */
  warnings(spec: ClusterSpec): Warning[];
}

export interface PlanningInput {
  readonly spec: ClusterSpec;
  readonly tier: TierPlan;
  readonly subnet: Subnet;
  readonly context: PlanContext;
  /** Addresses of what exists once, where the platform has it. */
  readonly virtualAddress: string | null;
  readonly doorAddress: string | null;
}

export type PlannedPlatform = Pick<
  ClusterPlan,
  "platform" | "network" | "balancers" | "nodes" | "groups" | "door" | "wardens" | "filter"
>;
