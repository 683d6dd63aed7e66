import { type AutoScalingClient, CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { machineImage } from "./facts.ts";

/*
 * Makes by AWS's API, past the engine, what tests find standing: a network, groups.
 */

/** A VPC of this range with a subnet of each CIDR in its zone. @returns their ids, the subnets in the zones' order */
export async function standNetwork(
  ec2: EC2Client,
  range: string,
  subnets: readonly { readonly zone: string; readonly cidr: string }[],
): Promise<{ readonly vpc: string; readonly subnets: readonly string[] }> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: range }));
  const vpc = Vpc?.VpcId ?? "";
  const ids: string[] = [];
  for (const { zone, cidr } of subnets) {
    const asked = { VpcId: vpc, CidrBlock: cidr, AvailabilityZone: zone };
    const { Subnet } = await ec2.send(new CreateSubnetCommand(asked));
    ids.push(Subnet?.SubnetId ?? "");
  }
  return { vpc, subnets: ids };
}

/** What groups launch from. */
export async function standTemplate(ec2: EC2Client, name: string): Promise<void> {
  const data = { ImageId: machineImage, InstanceType: "t3.small" } as const;
  await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: name, LaunchTemplateData: data }));
}

export interface StandingGroup {
  readonly name: string;
  /** Name of a launch template that is there. */
  readonly template: string;
  readonly count: { readonly min: number; readonly max: number; readonly desired: number };
  /** Where its machines stand: subnets, or zones of a network that the account has anyway. */
  readonly place: { readonly subnets: readonly string[] } | { readonly zones: readonly string[] };
  /** ARNs of target groups. */
  readonly targets?: readonly string[];
}

/** A group; its machines are there at once. */
export async function standGroup(
  scaling: AutoScalingClient,
  { name, template, count, place, targets = [] }: StandingGroup,
): Promise<void> {
  await scaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      MinSize: count.min,
      MaxSize: count.max,
      DesiredCapacity: count.desired,
      LaunchTemplate: { LaunchTemplateName: template, Version: "1" },
      ...("subnets" in place
        ? { VPCZoneIdentifier: place.subnets.join(",") }
        : { AvailabilityZones: [...place.zones] }),
      TargetGroupARNs: [...targets],
    }),
  );
}
