import { account } from "../facts.ts";
import { arn, held, loose, type ResourceType, textOf } from "./types.ts";

const roleType = "aws:iam/role:Role";
const bucketType = "aws:s3/bucket:Bucket";
const topicType = "aws:sns/topic:Topic";

/** A setting of a bucket, which is known by the bucket's name. */
const ofBucket: ResourceType = {
  replaces: ["bucket"],
  make: ({ inputs }) => ({ id: textOf(inputs, "bucket") }),
  references: [loose("bucket", bucketType)],
};

/** Rights, buckets, parameters, logs, alarms, topics. Who holds whom: `DeleteConflict` in the IAM API. */
export const serviceTypes: Readonly<Record<string, ResourceType>> = {
  [roleType]: {
    replaces: ["name", "path"],
    name: "name",
    make: ({ inputs, hex }) => ({
      id: textOf(inputs, "name"),
      arn: `arn:aws:iam::${account}:role/${textOf(inputs, "name")}`,
      uniqueId: `AROA${hex.toUpperCase()}`,
    }),
    references: [],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    replaces: ["name", "role"],
    make: ({ inputs }) => ({ id: `${textOf(inputs, "role")}:${textOf(inputs, "name")}` }),
    references: [held("role", roleType)],
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    replaces: ["role", "policyArn"],
    make: ({ inputs, hex }) => ({ id: `${textOf(inputs, "role")}-${hex}` }),
    references: [held("role", roleType, "name")],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    replaces: ["name", "path"],
    name: "name",
    make: ({ inputs }) => ({
      id: textOf(inputs, "name"),
      arn: `arn:aws:iam::${account}:instance-profile/${textOf(inputs, "name")}`,
    }),
    references: [held("role", roleType, "name")],
  },
  [bucketType]: {
    replaces: ["bucket"],
    name: "bucket",
    make: ({ inputs }) => ({ id: textOf(inputs, "bucket"), arn: `arn:aws:s3:::${textOf(inputs, "bucket")}` }),
    references: [],
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket,
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket,
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    replaces: ["bucket", "key"],
    make: ({ inputs, hex }) => ({ id: `${textOf(inputs, "bucket")}/${textOf(inputs, "key")}`, etag: hex }),
    references: [{ ...held("bucket", bucketType), unless: "forceDestroy" }],
  },
  "aws:ssm/parameter:Parameter": {
    replaces: ["name"],
    name: "name",
    make: (making) => ({
      id: textOf(making.inputs, "name"),
      arn: arn("ssm", making, `parameter${textOf(making.inputs, "name")}`),
      version: 1,
    }),
    references: [],
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    replaces: ["name"],
    name: "name",
    make: (making) => ({
      id: textOf(making.inputs, "name"),
      arn: arn("logs", making, `log-group:${textOf(making.inputs, "name")}`),
    }),
    references: [],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    replaces: ["name"],
    name: "name",
    make: (making) => ({
      id: textOf(making.inputs, "name"),
      arn: arn("cloudwatch", making, `alarm:${textOf(making.inputs, "name")}`),
    }),
    references: [loose("alarmActions.*", topicType, "arn"), loose("okActions.*", topicType, "arn")],
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    replaces: ["dashboardName"],
    name: "dashboardName",
    make: ({ inputs }) => ({
      id: textOf(inputs, "dashboardName"),
      dashboardArn: `arn:aws:cloudwatch::${account}:dashboard/${textOf(inputs, "dashboardName")}`,
    }),
    references: [],
  },
  [topicType]: {
    replaces: ["name"],
    name: "name",
    make: (making) => {
      const id = arn("sns", making, textOf(making.inputs, "name"));
      return { id, arn: id };
    },
    references: [],
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    replaces: ["topic", "protocol", "endpoint"],
    make: ({ inputs, hex }) => ({ id: `${textOf(inputs, "topic")}:${hex}`, pendingConfirmation: true }),
    references: [loose("topic", topicType, "arn")],
  },
};
