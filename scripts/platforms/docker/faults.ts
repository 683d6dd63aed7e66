import type { FaultKind } from "../../drill/faults/spec.ts";

/** Faults that can be made with containers: each kind that drills know. */
export const faults: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "kill",
  "freeze",
  "stop",
  "disconnect",
  "crash",
  "answers",
  "slow",
  "kill-program",
  "partition",
  "change-members",
  "scale",
  "roll",
  "ask",
  "drip",
  "starve",
]);
