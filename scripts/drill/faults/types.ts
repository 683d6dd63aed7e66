import type { DrillCluster } from "../context.ts";
import type { MachineFault } from "../platform.ts";

/** One fault, ready to strike. */
export interface Fault extends MachineFault {
  /** Keys of the machines that it will hit. */
  readonly victims: readonly string[];
}

export interface FaultArgs {
  readonly cluster: DrillCluster;
  /** Key of the balancer that holds the address now. */
  readonly holder: string;
  /** Of a drill with several rounds, from 0. */
  readonly round: number;
}
