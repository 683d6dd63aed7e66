import type { Drill } from "../drill.ts";

/** What drills need of a kind of balancers: which of its programs can die, and how it is watched from inside. */
export interface TierDrills {
  /** Drills that fit this kind alone: for each program whose death must be borne by the pair, for each harm that a client can do. */
  readonly programs: readonly Drill[];
  /** The same as long series. */
  readonly series: readonly Drill[];
  /** A program for a balancer that tells `h <seconds> <0|1>`: whether it has the address. It ends with its input. */
  holderCommand(address: string): Promise<readonly string[]>;
  /** A program for a balancer that tells `s <seconds> <status as JSON>`. It ends with its input. */
  membersCommand(): Promise<readonly string[]>;
  /** A program for a balancer that takes the documents in `/var/lib/hotspare` in turn and tells `c <seconds> <took> <status>` of each. */
  changeCommand(changes: number, every: number): Promise<readonly string[]>;
}
