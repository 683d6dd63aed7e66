import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan } from "../../components/plan/types.ts";
import { type AwsTransforms, awsPlatform } from "../../components/platform/aws/index.ts";
import type { GroupPlatform } from "../../components/platform/contract.ts";
import { type ClusterOptions, type ClusterRecording, recordCluster } from "./clusters.ts";

/** Id of the image that every parameter holds, in tests. */
export const imageId = "ami-0123456789abcdef0";

/** AWS's adapter with a bundle and user data that tell what they were made for. */
export function testPlatform(transform: AwsTransforms = {}): GroupPlatform {
  return awsPlatform({
    imageId: () => pulumi.output(imageId),
    bootstrap: {
      bundle: (plan, group) => Buffer.from(`bundle of ${plan.cluster} ${group.key} ${group.fingerprint}`),
      userData: (_, group, { bucket, key, sha256 }) =>
        `#cloud-config\n# ${group.key} s3://${bucket}/${key} ${sha256}\n`,
    },
    transform,
  });
}

/** Makes a cluster on AWS from a plan and records it. */
export function recordAws(
  plan: ClusterPlan,
  options: ClusterOptions & { aws?: AwsTransforms } = {},
): Promise<ClusterRecording> {
  const { aws, ...others } = options;
  return recordCluster(plan, { platform: testPlatform(aws), outputs, ...others });
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
