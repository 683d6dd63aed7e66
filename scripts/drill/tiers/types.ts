import type { ClusterPlan } from "../../../components/plan/types.ts";
import type { Drill } from "../drill.ts";

/** What drills need of a kind of balancers: which of its programs can die, and how it is watched from inside. */
export interface TierDrills {
  /** Drills that fit this kind alone: for each program whose death must be borne by the pair, for each harm that a client can do. */
  readonly programs: readonly Drill[];
  /** Drills of what stands behind it, where it is in front of other balancers. */
  readonly behind?: readonly Drill[];
  /** The same as `programs`, as long series. */
  readonly series: readonly Drill[];
  /** How the load of a drill reaches its pool. */
  readonly load: TierLoad;
  /** The command that runs another where a balancer's programs live; empty where that is its machine itself. */
  readonly inside: readonly string[];
  /** A program for a balancer that tells `h <seconds> <0|1>`: whether it has the address. It ends with its input. */
  holderCommand(address: string): Promise<readonly string[]>;
  /** A program for a balancer that tells `s <seconds> <status as JSON>`. It ends with its input. */
  membersCommand(): Promise<readonly string[]>;
  /** A program for a balancer that takes the documents in `/var/lib/hotspare` in turn and tells `c <seconds> <took> <status>` of each. */
  changeCommand(changes: number, every: number): Promise<readonly string[]>;
}

/** The load of a drill, as a kind of balancers takes it. */
export interface TierLoad {
  /** Why a load of so many requests a second can't be judged there; null when it can. */
  unfit(plan: ClusterPlan, pool: string, rate: number): string | null;
  /** Path below which requests may be sent twice; null where there is none. */
  idempotent(plan: ClusterPlan, pool: string): string | null;
  /** How a node's silence is borne; null where the load doesn't reach the pool. @param service what a node takes to answer */
  bears(plan: ClusterPlan, pool: string, service: number): Bearing | null;
}

/** Milliseconds. */
export interface Bearing {
  /** Longest wait of a request that a silent node has, until it is answered. */
  readonly silence: number;
  /** Shortest wait that a timer of a fault makes a client bear. */
  readonly shortest: number;
  /** How long an open connection goes on meeting a node that fails its checks. */
  readonly stays: number;
}
