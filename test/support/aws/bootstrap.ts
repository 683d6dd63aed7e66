import type { Bootstrap } from "../../../components/platform/aws/index.ts";

/** A bundle and user data that tell what they were made for. */
export const bootstrap: Bootstrap = {
  bundle: (plan, group) => Buffer.from(`bundle of ${plan.cluster} ${group.key} ${group.fingerprint}`),
  userData: (_, group, { bucket, key, sha256 }) =>
    `#cloud-config\n# ${group.key} s3://${bucket}/${key} ${sha256}\n`,
};
