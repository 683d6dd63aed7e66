import type { PlatformKind } from "../../model/spec.ts";
import { awsPlanner } from "./aws/planner.ts";
import type { PlatformPlanner } from "./contract.ts";
import { dockerPlanner } from "./docker/planner.ts";
import { memoryPlanner } from "./memory/planner.ts";
import { metalPlanner } from "./metal/planner.ts";

const planners: Readonly<Record<PlatformKind, PlatformPlanner>> = {
  aws: awsPlanner,
  docker: dockerPlanner,
  memory: memoryPlanner,
  metal: metalPlanner,
};

/** What plans for a kind of platform. */
export function platformPlanner(kind: PlatformKind): PlatformPlanner {
  return planners[kind];
}
