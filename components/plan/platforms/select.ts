import type { PlatformKind } from "../../model/spec.ts";
import { awsPlanner } from "./aws/planner.ts";
import type { PlatformPlanner } from "./contract.ts";
import { dockerPlanner } from "./docker/planner.ts";
import { memoryPlanner } from "./memory/planner.ts";

/** By kind; one that is not here is not built yet. */
const planners: { readonly [K in PlatformKind]?: PlatformPlanner } = {
  aws: awsPlanner,
  docker: dockerPlanner,
  memory: memoryPlanner,
};

/** @throws Error for a kind that isn't built yet; the model's rules refuse it */
export function platformPlanner(kind: PlatformKind): PlatformPlanner {
  const planner = planners[kind];
  if (planner === undefined) throw new Error(`platform.kind: "${kind}" is not built yet`);
  return planner;
}
