import type { ClusterPlan } from "../../plan/types.ts";
import type { Known } from "../compare/known.ts";
import type { FieldChange, RolloutStep, Sentence, Sides } from "../compare/types.ts";
import type { RiskRule } from "../risks/rule.ts";

/** What a review needs of a kind of platform. Pure. Paths of what only it knows begin with its kind's name. */
export interface PlatformReview {
  /** Settings that differ. */
  settings(plans: Sides<ClusterPlan>): FieldChange[];
  /** Why everything is replaced there, beside the names that every platform has. */
  clusterReasons(plans: Sides<ClusterPlan>): FieldChange[];
  /** Why the network is, beside the fields that every network has. */
  networkReasons(plans: Sides<ClusterPlan>): FieldChange[];
  /** Whether the cluster stands in somebody's network, whose range the stack doesn't decide. */
  adoptsNetwork(plan: ClusterPlan): boolean;
  /** Whether a machine that is another is changed where it stands, with one address and one name, and never replaced. */
  inPlace(plans: Sides<ClusterPlan>, key: string): boolean;
  /** Whether a node that is replaced leaves its old place before it has the new one. */
  leavesFirst(plans: Sides<ClusterPlan>, key: string): boolean;
  /** Why the machines of all groups are others, beside what each group says. */
  groupReasons(plans: Sides<ClusterPlan>): FieldChange[];
  /** What changes around machines and groups. */
  sentences(known: Known): Sentence[];
  /** What the change of groups does to requests. */
  steps(known: Known, before: ClusterPlan, after: ClusterPlan): RolloutStep[];
  /** What only a cluster there has to fear. */
  readonly rules: readonly RiskRule[];
  /** Types of the engine's resources whose replacement loses nothing by themselves: name patterns of what `up` delivers again. */
  readonly ownHolders: Readonly<Record<string, RegExp>>;
  /** Types whose resources requests go through. */
  readonly servingTypes: readonly string[];
}

/** Of a platform of single machines, of which there is nothing else to say. */
export const plainReview: PlatformReview = {
  settings: () => [],
  clusterReasons: () => [],
  networkReasons: () => [],
  adoptsNetwork: () => false,
  inPlace: () => false,
  leavesFirst: () => false,
  groupReasons: () => [],
  sentences: () => [],
  steps: () => [],
  rules: [],
  ownHolders: {},
  servingTypes: [],
};
