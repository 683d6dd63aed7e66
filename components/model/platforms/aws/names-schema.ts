import { z } from "zod";

/* How AWS calls things, as far as a stack may say it. */

export const instanceType = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, {
    error: (issue) => `${JSON.stringify(issue.input)} is not an EC2 instance type such as "m7g.large"`,
  })
  .meta({ what: "EC2 instance type" });

/** A managed policy; IAM knows no regions, and AWS's own policies no account. */
export const policyArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/)
  .max(2048)
  .meta({ what: "ARN of an IAM policy" });
