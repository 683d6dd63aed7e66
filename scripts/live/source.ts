import type { WardenLogEvent } from "../events/sentence.ts";
import type { ClusterStatus } from "../status/cluster-status.ts";
import type { BalancerCounts } from "./figures.ts";

/* What `live` asks of a platform: the same as `status`, `events` and `logs` tell, often and cheaply. */

/** One look at everything. */
export interface LiveLook {
  readonly status: ClusterStatus;
  /** What each balancer that answers has counted since it began, by key. */
  readonly counts: ReadonlyMap<string, BalancerCounts>;
}

/** What is known of one machine, asked when a person wants to see it. */
export interface MachineDetail {
  /** E.g. `["exit code", "137, killed for want of memory"]`. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What it wrote last. */
  readonly lines: readonly string[];
}

export interface LiveSource {
  /** Asked twice a second, so it must cost little. @throws Error when nothing can be seen now */
  readonly look: () => Promise<LiveLook>;
  /** Follows what wardens say, from some lines before on; also of those that are made later. */
  readonly events: (take: (event: WardenLogEvent) => void) => void;
  /** @throws Error for a machine that isn't there */
  readonly detail: (machine: string) => Promise<MachineDetail>;
  /** Ends all that it follows. */
  readonly close: () => void;
}
