import type { ClusterSpec, PlatformKind } from "../../components/model/spec.ts";
import type { PlanContext } from "../../components/plan/types.ts";
import { readPins } from "./aws/pins.ts";
import { currentPrograms } from "./aws/programs.ts";
import type { Ground } from "./contract.ts";

/*
 * The one place of the program that knows all grounds. What makes one is loaded when it is asked for: a plan needs none of them.
 */

/** The ground that a stack stands on. */
export async function groundOf({ platform }: ClusterSpec, stack: string): Promise<Ground> {
  switch (platform.kind) {
    case "docker":
      return (await import("./docker/index.ts")).dockerGround(stack);
    case "aws":
      return (await import("./aws/index.ts")).awsGround(platform);
    case "memory":
      return (await import("./memory.ts")).memoryGround;
    case "metal":
      return (await import("./metal/index.ts")).metalGround(stack);
    default:
      return platform satisfies never;
  }
}

type MachineFacts = Pick<PlanContext, "programs" | "pins">;

/** For platforms whose engine keeps machines: hashes of the programs that these run, and what else they are made of. */
const facts: Readonly<Partial<Record<PlatformKind, () => MachineFacts>>> = {
  aws: () => ({ programs: currentPrograms(), pins: readPins() }),
};

/** What machines that a platform's engine keeps are made of; nothing where it keeps none. Asks no platform. */
export function machineFactsOn(platform: PlatformKind): MachineFacts {
  return facts[platform]?.() ?? {};
}
