import type { MemberSeen, NodeMemory, Observation, Timers } from "../types.ts";

/** A pool as its rules see it. */
export interface PoolView {
  readonly name: string;
  readonly members: readonly MemberSeen[];
  readonly memory: (key: string) => NodeMemory;
  readonly observation: Observation;
  readonly timers: Timers;
  readonly now: number;
}
