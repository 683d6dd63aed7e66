import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { type AwsAccess, type AwsTransforms, awsPlatform } from "../../../components/platform/aws/index.ts";
import type { GroupPlatform } from "../../../components/platform/contract.ts";
import { bootstrap } from "../../../infra/grounds/aws/bootstrap.ts";
import { type ClusterOptions, type ClusterRecording, recordCluster } from "../clusters.ts";
import type { Recorded } from "../record.ts";
import { imageId } from "./provider/functions.ts";
import type { Neighbour } from "./rules/index.ts";

export { imageId };

/** AWS's adapter as the program has it, but for the image, and for a group's machines, which nobody replaces. */
export function testPlatform(
  transform: AwsTransforms = {},
  roll: AwsAccess["roll"] = async () => undefined,
): GroupPlatform {
  return awsPlatform({ imageId: () => pulumi.output(imageId), bootstrap, roll, transform });
}

/** Makes a cluster on AWS from a plan and records it. */
export function recordAws(
  plan: ClusterPlan,
  options: ClusterOptions & { aws?: AwsTransforms; roll?: AwsAccess["roll"] } = {},
): Promise<ClusterRecording> {
  const { aws, roll, ...others } = options;
  return recordCluster(plan, { platform: testPlatform(aws, roll), outputs, ...others });
}

/** What AWS would make up: told by the name, so that a test sees whose it is. */
export function outputs({ type, name }: { type: string; name: string }): Record<string, unknown> {
  const kind = type.split(":").at(-1) ?? "";
  return {
    arn: `arn of ${kind} ${name}`,
    arnSuffix: `suffix of ${kind} ${name}`,
    dnsName: `${name}.elb.example`,
    latestVersion: 7,
  };
}

/** Recorded resources as others know them: by what they were told to be and by what was made up. */
export function neighbours(resources: readonly Recorded[]): (Neighbour & Pick<Recorded, "name">)[] {
  return resources
    .filter(({ custom }) => custom)
    .map(({ type, name, inputs }) => {
      const id = `${type.split(":").at(-1)?.toLowerCase()}-${name}`;
      return { token: type, name, inputs, outputs: { ...inputs, ...outputs({ type, name }), id } };
    });
}
