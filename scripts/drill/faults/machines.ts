import type { DrillCluster } from "../context.ts";
import type { MachineFaultKind } from "../platform.ts";
import type { Fault } from "./types.ts";

/** A fault of whole machines, which the platform makes. */
export function ofMachines(
  { platform }: DrillCluster,
  kind: MachineFaultKind,
  victims: readonly string[],
): Fault {
  const make = platform.faults[kind];
  if (make === undefined) throw new Error(`${platform.engine} can't ${kind} machines`);
  return { victims, ...make(victims) };
}

/** What supervises a machine's programs starts it again; there is nothing to heal. */
export function killProgram({ platform, inside }: DrillCluster, victim: string, program: string): Fault {
  return {
    victims: [victim],
    strike: () => platform.killProgram(victim, program, inside),
    heal: async () => {},
  };
}
