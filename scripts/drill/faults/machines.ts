import type { DrillCluster } from "../context.ts";
import type { MachineFaultKind } from "../platform.ts";
import type { Fault } from "./types.ts";

/** A fault of whole machines, which the platform makes. */
export function ofMachines(
  { platform }: DrillCluster,
  kind: MachineFaultKind,
  victims: readonly string[],
): Fault {
  return { victims, ...platform.faults[kind](victims) };
}

/** What supervises a machine's programs starts it again; there is nothing to heal. */
export function killProgram({ platform }: DrillCluster, victim: string, program: string): Fault {
  return {
    victims: [victim],
    strike: async () => void (await platform.exec(victim, "pkill", "-KILL", "-x", program)),
    heal: async () => {},
  };
}
