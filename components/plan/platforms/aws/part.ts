import type { AwsSpec, ClusterSpec } from "../../../model/spec.ts";
import type { ClusterPlan } from "../../types.ts";
import type { AwsPlan } from "./types.ts";

type Planned = Pick<ClusterPlan, "cluster" | "platform">;

/** What only AWS knows of a cluster; null for one that stands elsewhere, or isn't there. */
export function awsPart(plan: Pick<ClusterPlan, "platform"> | null | undefined): AwsPlan | null {
  return plan?.platform.kind === "aws" ? plan.platform : null;
}

/**
 * The same, for who works on AWS alone.
 *
 * @throws Error for a plan of another platform
 */
export function awsPlanOf(plan: Planned): AwsPlan {
  const part = awsPart(plan);
  if (part !== null) return part;
  throw new Error(`${plan.cluster}: the plan is for ${plan.platform.kind} and not for AWS`);
}

/** @throws Error for a stack of another platform */
export function awsSpecOf({ name, platform }: ClusterSpec): AwsSpec {
  if (platform.kind === "aws") return platform;
  throw new Error(`${name}: the stack is for ${platform.kind} and not for AWS`);
}
