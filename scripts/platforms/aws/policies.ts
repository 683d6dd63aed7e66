import type { ClusterPlan } from "../../../components/plan/types.ts";
import { keyPolicy } from "../../../components/platform/aws/deployer/key-policy.ts";
import { deployerPolicies } from "../../../components/platform/aws/deployer/policy.ts";

/** All that has to be allowed before an `up`: to the deployer, and by the policy of a key of the stack's own. */
export function policiesFor(plan: ClusterPlan): Readonly<Record<string, unknown>> {
  const key = keyPolicy(plan);
  return { ...deployerPolicies(plan), ...(key === null ? {} : { key }) };
}
