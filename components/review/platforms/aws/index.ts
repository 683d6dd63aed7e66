import { type PlatformReview, plainReview } from "../contract.ts";
import { awsComparison } from "./compare.ts";
import { awsRules } from "./risks.ts";
import { groupSteps } from "./rollout.ts";
import { platformSentences } from "./sentences.ts";

/** Groups that Amazon EC2 keeps, and what stands around them. */
export const awsReview: PlatformReview = {
  ...plainReview,
  ...awsComparison,
  sentences: platformSentences,
  steps: groupSteps,
  rules: awsRules,
  ownHolders: {
    "aws:s3/bucket:Bucket": /-network-bundles$/,
    "aws:ssm/parameter:Parameter": /-network-secret-/,
  },
  servingTypes: [
    "aws:autoscaling/group:Group",
    "aws:ec2/instance:Instance",
    "aws:ec2/eip:Eip",
    "aws:lb/listener:Listener",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:lb/targetGroup:TargetGroup",
  ],
};
