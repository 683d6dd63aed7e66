import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { deployerPolicies } from "../../../../components/platform/aws/deployer/policy.ts";
import { recordAws } from "../platform.ts";
import type { PolicyText } from "./check.ts";

/** Every identity policy that comes of a plan, by name: the deployer's parts, and those of the roles that the cluster makes. */
export async function policiesOf(plan: ClusterPlan): Promise<Record<string, PolicyText>> {
  const { resources } = await recordAws(plan);
  const inline = resources
    .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
    .map(({ name, inputs }) => [name, JSON.parse(withArns(String(inputs.policy))) as PolicyText] as const);
  return { ...deployerPolicies(plan), ...Object.fromEntries(inline) };
}

/** With the form of ARN that AWS gives, in place of the recording's made-up ones. */
const withArns = (policy: string) =>
  policy.replaceAll(/arn of LogGroup ([\w-]+)/g, "arn:aws:logs:eu-central-1:123456789012:log-group:$1");
