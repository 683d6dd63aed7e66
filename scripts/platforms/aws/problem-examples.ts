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
  "aws.disk-iops": awsPool({ disk: { size: "8 GB", iops: 4001 } }),
  "aws.disk-throughput": awsPool({ disk: { size: "8 GB", throughput: 751 } }),
  "aws.distribution-unused": onAws({
    instanceType: "c7g.large",
    pools: { web: { distribution: "only", placement: "cluster" } },
  }),
  "aws.front-addresses": onAws({ front: { addresses: ["eipalloc-0123456789abcdef0"] } }),
  "aws.front-inside": onAws({
    front: {
      internal: true,
      addresses: ["eipalloc-0123456789abcdef0", "eipalloc-0123456789abcdef1"],
    },
  }),
  "aws.policies-unused": awsPool({ policies }),
  "aws.registry-unused": awsPool({ registry }),
  "aws.schedule-beyond": awsPool({
    scaling: {
      max: 9,
      targets: [{ kind: "cpu", percent: 60 }],
      schedule: [{ at: "0 7 * * *", min: 10 }],
    },
  }),
};
