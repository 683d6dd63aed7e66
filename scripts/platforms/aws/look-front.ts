import {
  DescribeLoadBalancersCommand,
  DescribeTargetHealthCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsAccess } from "./access.ts";
import { isNotFound } from "./errors.ts";
import type { ObservedFront, ObservedTarget } from "./observed.ts";

/** The load balancer in front; null when there is none of that name. */
export async function lookAtFront({ elb }: AwsAccess, name: string): Promise<ObservedFront | null> {
  try {
    const { LoadBalancers: [found] = [] } = await elb.send(
      new DescribeLoadBalancersCommand({ Names: [name] }),
    );
    if (found === undefined) return null;
    return {
      arn: found.LoadBalancerArn ?? "",
      address: found.DNSName ?? "",
      state: found.State?.Code ?? "",
      internal: found.Scheme === "internal",
      addresses: (found.AvailabilityZones ?? [])
        .flatMap(({ LoadBalancerAddresses = [] }) => LoadBalancerAddresses)
        .flatMap(({ AllocationId }) => AllocationId ?? [])
        .sort(),
      zones: (found.AvailabilityZones ?? []).map(({ ZoneName }) => ZoneName ?? "").sort(),
    };
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** From best to worst. */
const order = ["healthy", "draining", "initial", "unused", "unavailable", "unhealthy"];

/** What the checks of these target groups say of each machine; of one that is a target of several the worst counts. */
export async function lookAtTargets(
  { elb }: AwsAccess,
  arns: readonly string[],
): Promise<ReadonlyMap<string, ObservedTarget>> {
  const answers = await Promise.all(
    arns.map((TargetGroupArn) => elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))),
  );
  const targets = new Map<string, ObservedTarget>();
  for (const { Target, TargetHealth } of answers.flatMap((answer) => answer.TargetHealthDescriptions ?? [])) {
    const id = Target?.Id ?? "";
    const known = targets.get(id);
    const state = TargetHealth?.State ?? "";
    if (known === undefined || order.indexOf(state) > order.indexOf(known.state))
      targets.set(id, { state, reason: TargetHealth?.Reason ?? "" });
  }
  return targets;
}
