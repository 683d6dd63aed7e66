import type { ClusterPlan } from "../../../components/plan/types.ts";
import { planAny } from "../plan-any.ts";
import { region } from "./facts.ts";

/** The smallest stack on AWS, with some of the platform's and of its own fields replaced. */
export function awsStack(platform: object = {}, fields: object = {}): { pools: object } {
  return {
    name: "demo",
    environment: "development",
    platform: { kind: "aws", region, ...platform },
    network: { subnet: "10.77.0.0/22" },
    pools: { web: { active: 2 } },
    ...fields,
  } as { pools: object };
}

/** Its plan. */
export const awsPlan = (platform: object = {}, fields: object = {}): ClusterPlan =>
  planAny(awsStack(platform, fields));
