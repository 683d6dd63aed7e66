import type { ClusterPlan } from "../../plan/types.ts";
import type { Cover, FieldChange, FileChange, MachineChange, PoolChange, Sides } from "./types.ts";

/** What is known of a change when its sentences, its roll-out and its picture are made. */
export interface Known {
  readonly plans: Sides<ClusterPlan>;
  readonly reasons: Reasons;
  /** Those that the plans list one by one. */
  readonly machines: readonly MachineChange[];
  /** Groups of machines that a platform's engine keeps. */
  readonly groups: readonly MachineChange[];
  readonly pools: readonly PoolChange[];
  readonly settings: readonly FieldChange[];
  readonly files: readonly FileChange[];
  readonly cover: Sides<Cover>;
}

/** Why what stands is replaced as a whole; each empty where it isn't. */
export interface Reasons {
  /** Everything. */
  readonly cluster: readonly FieldChange[];
  /** The network, and with it all that stands in it; empty as well where all is replaced anyway. */
  readonly network: readonly FieldChange[];
  /** Everything that serves: for the one or the other. */
  readonly whole: readonly FieldChange[];
}
