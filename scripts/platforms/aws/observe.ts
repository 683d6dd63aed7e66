import { awsPart } from "../../../components/plan/platforms/aws/part.ts";
import type { AwsPlan } from "../../../components/plan/platforms/aws/types.ts";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { planOf } from "../../stacks.ts";
import { answersAt } from "../../status/answers.ts";
import { type AwsAccess, awsAccess } from "./access.ts";
import { type GroupsStatus, groupsStatus, urlOf } from "./cluster-status.ts";
import { look } from "./look.ts";

/** A stack on AWS with its plan and the clients that ask about it. */
export interface Subject {
  readonly stack: string;
  readonly plan: ClusterPlan;
  readonly aws: AwsPlan;
  readonly access: AwsAccess;
}

/** @throws SpecError with all problems of the stack; Error for one that isn't on AWS */
export function subjectOf(stack: string): Subject {
  const plan = planOf(stack);
  const aws = awsPart(plan);
  if (aws === null) throw new Error(`${stack} is not on AWS`);
  return { stack, plan, aws, access: awsAccess(aws.region) };
}

/**
 * Whether this machine is surely let in: the load balancer takes only the stack's clients, and nobody can say from here which address
 * we come from.
 */
function letsInEverybody({ clients }: AwsPlan): boolean {
  return clients.includes("0.0.0.0/0");
}

/** What runs, beside what was planned; the URL is tried where this machine is surely let in. */
export async function observe({ stack, plan, aws, access }: Subject): Promise<GroupsStatus> {
  const observed = await look(access, plan, aws);
  const url = urlOf(aws, observed);
  const answers = url === null || !letsInEverybody(aws) ? null : await answersAt(url);
  return groupsStatus(plan, aws, stack, observed, answers);
}
