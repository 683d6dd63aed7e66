import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { clusterNames, partitionOf, secretParameter } from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { Place } from "../contract.ts";
import { secretNames } from "./identity.ts";
import { type Children, dependenciesOf, tags } from "./parts.ts";

/**
 * The bucket of the bundles: private, encrypted, by TLS only. Its settings are made one after the other: S3 answers 409
 * (OperationAborted) to a change of a bucket while another one of it goes on.
 */
export function createBucket(name: string, place: Place, children: Children): aws.s3.Bucket {
  const { bucket: bucketName } = clusterNames(place.plan);
  const { key, region } = awsPlanOf(place.plan);
  const bucket = children.add(
    "bundles",
    new aws.s3.Bucket(
      `${name}-bundles`,
      // Bundles can be made again at any time, so what is left in it needs no care.
      { bucket: bucketName, forceDestroy: true, tags: tags(place, bucketName) },
      place.options,
    ),
  );
  const closed = children.add(
    "bundles-private",
    new aws.s3.BucketPublicAccessBlock(
      `${name}-bundles-private`,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      place.options,
    ),
  );
  const encrypted = children.add(
    "bundles-encryption",
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-bundles-encryption`,
      {
        bucket: bucket.id,
        rules: [
          {
            applyServerSideEncryptionByDefault:
              key === null ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
            bucketKeyEnabled: key !== null,
          },
        ],
      },
      after(place, closed),
    ),
  );
  const arn = `arn:${partitionOf(region)}:s3:::${bucketName}`;
  children.add(
    "bundles-policy",
    new aws.s3.BucketPolicy(
      `${name}-bundles-policy`,
      {
        bucket: bucket.id,
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: [arn, `${arn}/*`],
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        }),
      },
      after(place, encrypted),
    ),
  );
  return bucket;
}

/** Options of what must not be made before another resource. */
const after = ({ options }: Place, resource: pulumi.Resource): pulumi.CustomResourceOptions => ({
  ...options,
  dependsOn: [...dependenciesOf(options), resource],
});

/** A parameter for each secret that machines read when they start; the value is a secret for the engine too. */
export function createSecrets(name: string, place: Place, children: Children): aws.ssm.Parameter[] {
  const { key } = awsPlanOf(place.plan);
  return secretNames(place.plan, place.plan.groups).map((secret) => {
    const parameter = secretParameter(place.plan, secret);
    const args = {
      name: parameter,
      type: "SecureString",
      value: pulumi.secret(place.secret(secret)),
      // A certificate chain may be longer than the 4 KB of the standard tier.
      tier: "Intelligent-Tiering",
      ...(key === null ? {} : { keyId: key }),
      tags: tags(place, parameter),
    };
    return children.add(
      `secret-${secret}`,
      new aws.ssm.Parameter(`${name}-secret-${secret}`, args, place.options),
    );
  });
}
