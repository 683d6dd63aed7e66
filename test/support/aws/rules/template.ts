import { gunzipSync } from "node:zlib";
import { instanceType } from "../../../../components/model/platforms/aws/instances.ts";
import { valuesAt } from "../catalogue/paths.ts";
import type { Fields } from "../catalogue/types.ts";
import { on, type Problem, refuse, textAt, within } from "./types.ts";

/** EC2 user guide, Instance user data: 16 KB before it is encoded. */
const mostUserData = 16_384;

function checkUserData(inputs: Fields): Problem[] {
  const encoded = textAt(inputs, "userData");
  if (encoded === null) return [];
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.toString("base64") !== encoded)
    return [{ path: "userData", message: "is not base64 (EC2 API, RequestLaunchTemplateData)" }];
  return [
    ...refuse(
      bytes.length > mostUserData,
      "userData",
      `${bytes.length} bytes, and EC2 takes ${mostUserData} (EC2 user guide, Instance user data)`,
    ),
    ...refuse(
      !/^#(cloud-config|!)/.test(unpacked(bytes)),
      "userData",
      "begins neither with #cloud-config nor with #!, so cloud-init passes it over (cloud-init, User data formats)",
    ),
  ];
}

/** Cloud-init takes gzip as well; its first two bytes tell. */
function unpacked(bytes: Buffer): string {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (packed ? gunzipSync(bytes) : bytes).toString();
}

/** EBS user guide, General Purpose SSD volumes; the kit's own rule besides: gp3, encrypted. */
function checkDisks(inputs: Fields): Problem[] {
  return (valuesAt(inputs, "blockDeviceMappings.*.ebs") as Fields[]).flatMap(
    ({ volumeType, encrypted, iops = 3000, throughput = 125, volumeSize }) => [
      ...refuse(volumeType !== "gp3", "blockDeviceMappings.*.ebs.volumeType", `"${volumeType}" is not gp3`),
      ...refuse(encrypted !== "true", "blockDeviceMappings.*.ebs.encrypted", "a disk is not encrypted"),
      ...refuse(
        Number(iops) > Math.max(3000, 500 * Number(volumeSize)),
        "blockDeviceMappings.*.ebs.iops",
        `${iops} are more than 500 for each of ${volumeSize} GiB`,
      ),
      ...refuse(
        Number(throughput) > 0.25 * Number(iops),
        "blockDeviceMappings.*.ebs.throughput",
        `${throughput} MiB/s are more than a quarter of ${iops} operations`,
      ),
    ],
  );
}

/** EC2 user guide, Burstable performance instances, and Hibernation. */
function checkType(inputs: Fields): Problem[] {
  const name = textAt(inputs, "instanceType");
  const type = name === null ? null : instanceType(name);
  if (type === null) return [];
  return [
    ...refuse(
      inputs.creditSpecification !== undefined && !type.burstable,
      "creditSpecification",
      `${type.name} has no CPU credits (EC2 user guide, Burstable performance instances)`,
    ),
    ...refuse(
      within(inputs, "hibernationOptions").configured === true && (type.metal || type.memory >= 150),
      "hibernationOptions.configured",
      `${type.name} can't hibernate (EC2 user guide, Prerequisites for hibernation)`,
    ),
  ];
}

export const templateRules = [
  on(["ec2/launchTemplate:LaunchTemplate"], (inputs) => [
    ...checkUserData(inputs),
    ...checkDisks(inputs),
    ...checkType(inputs),
    ...refuse(
      within(inputs, "metadataOptions").httpTokens !== "required",
      "metadataOptions.httpTokens",
      "version 1 of the metadata service is open (EC2 user guide, Use IMDSv2)",
    ),
    ...refuse(
      textAt(inputs, "imageId") !== null && !/^ami-[0-9a-f]{8,17}$/.test(String(inputs.imageId)),
      "imageId",
      `"${inputs.imageId}" is no id of an image, and a roll-back needs one (EC2 Auto Scaling API, RollbackInstanceRefresh)`,
    ),
  ]),
];
