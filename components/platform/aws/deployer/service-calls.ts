import { named } from "./rights.ts";
import type { Calls } from "./types.ts";

const bucket = (...calls: string[]): Calls => named("services", "bucket", "s3", calls);

/** Rights, buckets, parameters, logs, alarms, topics. */
export const serviceCalls: Readonly<Record<string, Calls>> = {
  "aws:iam/role:Role": named("services", "role", "iam", [
    "CreateRole",
    "DeleteRole",
    // A policy of AWS's that somebody has attached would stop the deletion.
    "DetachRolePolicy",
    "GetRole",
    "ListAttachedRolePolicies",
    "ListInstanceProfilesForRole",
    "ListRolePolicies",
    "TagRole",
    "UntagRole",
  ]),
  "aws:iam/rolePolicy:RolePolicy": named("services", "role", "iam", [
    "DeleteRolePolicy",
    "GetRolePolicy",
    "PutRolePolicy",
  ]),
  // Which policies, a statement of its own says.
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": named("services", "role", "iam", [
    "AttachRolePolicy",
    "DetachRolePolicy",
    "ListAttachedRolePolicies",
  ]),
  "aws:iam/instanceProfile:InstanceProfile": named("services", "instance-profile", "iam", [
    "AddRoleToInstanceProfile",
    "CreateInstanceProfile",
    "DeleteInstanceProfile",
    "GetInstanceProfile",
    "RemoveRoleFromInstanceProfile",
    "TagInstanceProfile",
    "UntagInstanceProfile",
  ]),
  // It reads every setting that a bucket may have, and empties it before the deletion.
  "aws:s3/bucket:Bucket": bucket(
    "CreateBucket",
    "DeleteBucket",
    "GetAccelerateConfiguration",
    "GetBucketAcl",
    "GetBucketCORS",
    "GetBucketLocation",
    "GetBucketLogging",
    "GetBucketObjectLockConfiguration",
    "GetBucketPolicy",
    "GetBucketRequestPayment",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetBucketWebsite",
    "GetEncryptionConfiguration",
    "GetLifecycleConfiguration",
    "GetReplicationConfiguration",
    "ListBucket",
    "ListBucketVersions",
    "ListTagsForResource",
    "PutBucketTagging",
    "TagResource",
    "UntagResource",
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucket(
    "GetBucketPublicAccessBlock",
    "PutBucketPublicAccessBlock",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucket(
    "GetEncryptionConfiguration",
    "PutEncryptionConfiguration",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": bucket("DeleteBucketPolicy", "GetBucketPolicy", "PutBucketPolicy"),
  "aws:s3/bucketObjectv2:BucketObjectv2": named("services", "object", "s3", [
    "AbortMultipartUpload",
    "DeleteObject",
    "DeleteObjectVersion",
    "GetObject",
    "GetObjectTagging",
    "PutObject",
    "PutObjectTagging",
  ]),
  "aws:ssm/parameter:Parameter": named(
    "services",
    "parameter",
    "ssm",
    [
      "AddTagsToResource",
      "DeleteParameter",
      "GetParameter",
      "ListTagsForResource",
      "PutParameter",
      "RemoveTagsFromResource",
    ],
    ["DescribeParameters"],
  ),
  "aws:cloudwatch/logGroup:LogGroup": named(
    "services",
    "log-group",
    "logs",
    [
      "AssociateKmsKey",
      "CreateLogGroup",
      "DeleteLogGroup",
      "DisassociateKmsKey",
      "ListTagsForResource",
      "PutRetentionPolicy",
      "TagResource",
      "UntagResource",
    ],
    ["DescribeLogGroups"],
  ),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named(
    "services",
    "alarm",
    "cloudwatch",
    ["DeleteAlarms", "ListTagsForResource", "PutMetricAlarm", "TagResource", "UntagResource"],
    ["DescribeAlarms"],
  ),
  "aws:cloudwatch/dashboard:Dashboard": named("services", "dashboard", "cloudwatch", [
    "DeleteDashboards",
    "GetDashboard",
    "PutDashboard",
  ]),
  // Of a zone that the stack names; other names in it are kept from the deployer by a condition.
  "aws:route53/record:Record": {
    ...named("services", "hosted-zone", "route53", [
      "ChangeResourceRecordSets",
      "GetHostedZone",
      "ListResourceRecordSets",
    ]),
    on: { thing: "dns-change", calls: ["route53:GetChange"] },
  },
  "aws:autoscaling/schedule:Schedule": named(
    "services",
    "auto-scaling-group",
    "autoscaling",
    ["DeleteScheduledAction", "PutScheduledUpdateGroupAction"],
    ["DescribeScheduledActions"],
  ),
  "aws:sns/topic:Topic": named("services", "topic", "sns", [
    "CreateTopic",
    "DeleteTopic",
    "GetTopicAttributes",
    "ListTagsForResource",
    "SetTopicAttributes",
    "TagResource",
    "UntagResource",
  ]),
  "aws:sns/topicSubscription:TopicSubscription": named(
    "services",
    "topic",
    "sns",
    ["ListSubscriptionsByTopic", "Subscribe"],
    ["GetSubscriptionAttributes", "Unsubscribe"],
  ),
};
