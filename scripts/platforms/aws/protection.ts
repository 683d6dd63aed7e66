import {
  DescribeLoadBalancerAttributesCommand,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsAccess } from "./access.ts";
import { isNotFound } from "./errors.ts";

const protection = "deletion_protection.enabled";

/** Whether AWS refuses to delete a load balancer. */
export async function isProtected({ elb }: AwsAccess, arn: string): Promise<boolean> {
  const { Attributes = [] } = await elb.send(
    new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn }),
  );
  return Attributes.some(({ Key, Value }) => Key === protection && Value === "true");
}

/**
 * Switches off a load balancer's protection from deletion, without which AWS refuses to delete it. By the API and not by an `up` of
 * that alone: the stack's file may say more than that by now, or not load any more. The state goes on saying "protected", which
 * is true again after the next `up` (it compares with what really is) if nobody goes on taking it down.
 *
 * @returns whether it was protected
 */
export async function allowDeletion(access: AwsAccess, arn: string): Promise<boolean> {
  try {
    if (!(await isProtected(access, arn))) return false;
    await access.elb.send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn: arn,
        Attributes: [{ Key: protection, Value: "false" }],
      }),
    );
    return true;
  } catch (error) {
    // What is gone needs no leave.
    if (isNotFound(error)) return false;
    throw error;
  }
}
