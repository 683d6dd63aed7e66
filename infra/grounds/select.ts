import type { ClusterSpec, PlatformKind } from "../../components/model/spec.ts";
import type { PlanContext } from "../../components/plan/types.ts";
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

/** For platforms whose engine keeps machines: hashes of the programs that these run. */
const programs: Readonly<Partial<Record<PlatformKind, () => PlanContext["programs"]>>> = {
  aws: currentPrograms,
};

/** Hashes of the programs of machines that a platform's engine keeps; nothing where it keeps none. Asks no platform. */
export function programsOn(platform: PlatformKind): Pick<PlanContext, "programs"> {
  const of = programs[platform]?.();
  return of === undefined ? {} : { programs: of };
}
