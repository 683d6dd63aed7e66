import { gzipSync } from "node:zlib";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { clusterNames } from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { AwsPlan } from "../../plan/platforms/aws/types.ts";
import type { GroupPlan } from "../../plan/types.ts";
import type { NetworkedPlace } from "../contract.ts";
import type { AwsAccess, BundlePlace } from "./access.ts";
import { type Children, dependenciesOf, needed, networkOf, ownerKey, tags } from "./parts.ts";

/** EC2's limit, in bytes before base64 (EC2 user guide, Instance user data). */
const userDataLimit = 16_384;

/** What a group's machines are started from, and the bundle that they fetch. */
export function createLaunchTemplate(
  name: string,
  group: GroupPlan,
  place: NetworkedPlace,
  args: AwsAccess,
  children: Children,
): aws.ec2.LaunchTemplate {
  const { bucket } = networkOf(place.network);
  const { file, sha256 } = args.bootstrap.bundle(place.plan, group);
  const key = `${group.key}/${sha256}.tar.gz`;
  const bundle = children.add(
    "bundle",
    new aws.s3.BucketObjectv2(
      `${name}-bundle`,
      {
        bucket: bucket.bucket,
        key,
        source: new pulumi.asset.FileAsset(file),
        contentType: "application/gzip",
        // An object has at most ten (S3 user guide, Object tagging), so not the stack's own.
        tags: place.labels,
      },
      // A group that goes back to the template before needs the bundle before.
      { ...place.options, retainOnDelete: true },
    ),
  );
  const text = args.bootstrap.userData(place.plan, group, {
    bucket: clusterNames(place.plan).bucket,
    key,
    sha256,
  } satisfies BundlePlace);
  const template = templateArgs(group, place, args.imageId, packUserData(name, text));
  return children.add(
    "template",
    new aws.ec2.LaunchTemplate(
      `${name}-template`,
      args.transform?.launchTemplate?.(template, group) ?? template,
      {
        ...place.options,
        dependsOn: [...dependenciesOf(place.options), bundle, ...networkOf(place.network).ready],
      },
    ),
  );
}

/** User data as EC2 takes it: compressed, in base64, the same for the same text. @throws Error beyond EC2's limit */
export function packUserData(name: string, text: string): string {
  const packed = gzipSync(text, { level: 9 });
  // The system that packed it is none of the machine's business, and would make another template of the same text.
  packed[9] = 255;
  if (packed.length <= userDataLimit) return packed.toString("base64");
  throw new Error(
    `${name}: user data takes ${packed.length} bytes compressed, and EC2 allows ${userDataLimit}; move files into the bundle`,
  );
}

function imageOf(
  image: AwsPlan["image"],
  architecture: GroupPlan["machine"]["architecture"],
  imageId: AwsAccess["imageId"],
): pulumi.Input<string> {
  switch (image.kind) {
    case "ami":
      return image.id;
    case "pinned":
      return image.ids[architecture];
    case "parameter":
      return imageId(image.names[architecture]);
    default:
      return image satisfies never;
  }
}

function templateArgs(
  group: GroupPlan,
  place: NetworkedPlace,
  imageId: AwsAccess["imageId"],
  userData: string,
): aws.ec2.LaunchTemplateArgs {
  const plan = awsPlanOf(place.plan);
  const network = networkOf(place.network);
  const { machine, waiting, disk } = group;
  const own = tags(place, group.name);
  return {
    name: group.name,
    // With the fingerprint: what changes it without being in the template (a secret's value) is a new version all the same.
    description: `${group.key} of cluster ${place.plan.cluster}, ${group.fingerprint}`,
    // The group names the version, so that a change rolls through it; who starts one by hand gets the newest.
    updateDefaultVersion: true,
    imageId: imageOf(plan.image, machine.architecture, imageId),
    instanceType: machine.type,
    iamInstanceProfile: { arn: needed(network.profiles, ownerKey(group)).arn },
    vpcSecurityGroupIds: [needed(network.machineGroups, ownerKey(group)).id, ...(group.securityGroups ?? [])],
    // Version 2 alone: a request forged through a service can't read the machine's credentials.
    metadataOptions: {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
      // Nothing reads them, and with them no key of a tag may have a space or a slash: such a tag would stop every launch.
      instanceMetadataTags: "disabled",
    },
    blockDeviceMappings: [
      {
        // Root disk of Debian's images.
        deviceName: "/dev/xvda",
        ebs: {
          volumeType: "gp3",
          volumeSize: disk?.size ?? plan.disk,
          ...(disk === undefined ? {} : { iops: disk.iops, throughput: disk.throughput }),
          encrypted: "true",
          deleteOnTermination: "true",
          ...(plan.key === null ? {} : { kmsKeyId: plan.key }),
        },
      },
    ],
    monitoring: { enabled: true },
    ...(waiting?.state === "hibernated" ? { hibernationOptions: { configured: true } } : {}),
    ...(machine.burstable ? { creditSpecification: { cpuCredits: "unlimited" } } : {}),
    userData,
    tagSpecifications: ["instance", "network-interface", "volume"].map((resourceType) => ({
      resourceType,
      tags: own,
    })),
    tags: own,
  };
}
