import type { TierPlan } from "../../plan/tiers/types.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import type { Known } from "../compare/known.ts";
import type { MachineChange, RolloutStep } from "../compare/types.ts";
import type { RiskRule } from "../risks/rule.ts";

/** What a review needs of a kind of balancer. Pure. */
export interface TierReview<T extends TierPlan = TierPlan> {
  /** Its settings as they are compared: those that the stack says. @param door its address, which is the network's affair */
  settings(tier: T, door: string | null): object;
  /** Programs of balancers that take their new files by a reload. */
  reloads(machines: readonly MachineChange[]): string[];
  /** What new files do to requests, where the balancers stay. */
  steps(known: Known, after: ClusterPlan): RolloutStep[];
  /** What only such a tier has to fear. */
  readonly rules: readonly RiskRule[];
}
