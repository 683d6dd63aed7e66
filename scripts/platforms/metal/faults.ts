import type { FaultKind } from "../../drill/faults/spec.ts";

/**
 * Faults that can be made on servers by SSH. Not those that would cut the way there (`disconnect`), that need a machine more (`scale`),
 * or a client with an address of its own (`drip`, `ask`).
 */
export const faults: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "kill",
  "freeze",
  "stop",
  "cut",
  "crash",
  "answers",
  "slow",
  "kill-program",
  "partition",
  "change-members",
  "roll",
  "starve",
]);
