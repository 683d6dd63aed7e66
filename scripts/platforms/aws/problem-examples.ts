/* Of the examples those about what pools and the load balancer have on AWS. */

const onAws = (options: object, others: object = {}) => ({
  platform: { kind: "aws", region: "eu-central-1", ...options },
  ...others,
});
const awsPool = (options: object, others: object = {}) => onAws({ pools: { web: options } }, others);
const policies = ["arn:aws:iam::123456789012:policy/orders"];
const registry = { server: "ghcr.io", username: "puller", password: { secret: "registry" } };

/** Faults by the code that each gets. */
export const awsFaults: Readonly<Record<string, object>> = {
  "aws.policies-unused": awsPool({ policies }),
  "aws.registry-unused": awsPool({ registry }),
};
