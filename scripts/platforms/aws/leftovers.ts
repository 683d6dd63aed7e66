import { paginateDescribeInstances, paginateDescribeVolumes } from "@aws-sdk/client-ec2";
import { labelPrefix } from "../../../components/plan/labels.ts";
import type { AwsAccess } from "./access.ts";

/**
 * Machines and disks that bear a stack's tags: what costs money, and what a lost state or a machine that was being made while its group
 * went could leave. Nothing else has an owner's tag that could be found by the clients that we have.
 */
export async function machinesLeft(
  { ec2: client }: AwsAccess,
  { owner, stack }: { readonly owner: string; readonly stack: string },
): Promise<string[]> {
  const tags = [
    { Name: `tag:${labelPrefix}owner`, Values: [owner] },
    { Name: `tag:${labelPrefix}stack`, Values: [stack] },
  ];
  const left: string[] = [];
  const states = { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] };
  for await (const page of paginateDescribeInstances({ client }, { Filters: [...tags, states] }))
    for (const { Instances = [] } of page.Reservations ?? [])
      left.push(...Instances.map(({ InstanceId }) => InstanceId ?? ""));
  for await (const page of paginateDescribeVolumes({ client }, { Filters: tags }))
    left.push(
      ...(page.Volumes ?? [])
        .filter(({ State }) => State !== "deleting")
        .map(({ VolumeId }) => VolumeId ?? ""),
    );
  return left;
}
