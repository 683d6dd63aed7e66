import { clusterNames, partitionOf } from "../../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../../plan/platforms/aws/part.ts";
import type { ClusterPlan } from "../../../plan/types.ts";

/** A statement of a key's own policy: about that key, and so for everybody whom it names. */
export interface KeyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: { readonly AWS: readonly string[] } | { readonly Service: string };
  readonly Action: readonly string[];
  readonly Resource: "*";
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface KeyPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly KeyStatement[];
}

const use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

/**
 * What the policy of the stack's own key has to say beside what it says already. AWS's services act there by themselves, and no policy
 * of ours can allow them what a key's own doesn't. Without it machines end as they start, alarms reach nobody, and log groups can't be made.
 *
 * @returns null where the stack has no key of its own
 */
export function keyPolicy(plan: ClusterPlan): KeyPolicy | null {
  const { key, region, monitoring } = awsPlanOf(plan);
  if (key === null) return null;
  const [, , , , account = ""] = key.split(":");
  const partition = partitionOf(region);
  const linked = serviceRoles(plan, `arn:${partition}:iam::${account}:role/aws-service-role`);
  return {
    Version: "2012-10-17",
    Statement: [
      // EC2 Auto Scaling user guide, Required AWS KMS key policy for use with encrypted volumes; EC2 user guide, Service-linked role
      // for Spot Instance requests.
      allow("HotspareDisks", { AWS: linked }, use),
      allow("HotspareDisksGrant", { AWS: linked }, ["kms:CreateGrant"], {
        Bool: { "kms:GrantIsForAWSResource": "true" },
      }),
      // CloudWatch Logs user guide, Encrypt log data using AWS KMS.
      allow(
        "HotspareLogs",
        { Service: `logs.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}` },
        use,
        {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${account}:log-group:${clusterNames(plan).logs}*`,
          },
        },
      ),
      // SNS developer guide, Enable compatibility between event sources from AWS services and encrypted topics.
      ...(monitoring.topic === null
        ? [
            allow(
              "HotspareAlarms",
              { Service: "cloudwatch.amazonaws.com" },
              ["kms:Decrypt", "kms:GenerateDataKey*"],
              { StringEquals: { "aws:SourceAccount": account } },
            ),
          ]
        : []),
    ],
  };
}

function serviceRoles({ groups }: ClusterPlan, path: string): string[] {
  const scaling = `${path}/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  return groups.some(({ spot }) => spot !== null)
    ? [scaling, `${path}/spot.amazonaws.com/AWSServiceRoleForEC2Spot`]
    : [scaling];
}

function allow(
  Sid: string,
  Principal: KeyStatement["Principal"],
  Action: readonly string[],
  Condition?: KeyStatement["Condition"],
): KeyStatement {
  return {
    Sid,
    Effect: "Allow",
    Principal,
    Action,
    Resource: "*",
    ...(Condition === undefined ? {} : { Condition }),
  };
}
