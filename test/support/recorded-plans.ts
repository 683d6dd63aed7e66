import type { StackInput } from "../../components/model/spec.ts";

/**
 * Stacks whose plan documents of an older version are recorded in test/fixtures/plan-documents, one a file: what that revision
 * printed for them with the images and the owner of `documentOf`, without rendered files.
 */
export const recordedStacks: Readonly<Record<string, StackInput>> = {
  docker: {
    name: "dev",
    environment: "development",
    platform: { kind: "docker" },
    network: { subnet: "10.77.0.0/22" },
    balancer: { kind: "nginx", listen: { tls: {} } },
    pools: { web: { active: 3, standby: { hot: 1, cold: 1 } } },
  },
  "docker-given": {
    name: "dev",
    environment: "development",
    platform: { kind: "docker" },
    network: { subnet: "10.77.0.0/22" },
    balancer: {
      kind: "nginx",
      listen: {
        tls: { certificate: { kind: "given", certificate: { secret: "crt" }, key: { secret: "key" } } },
      },
    },
    pools: { web: { active: 2 } },
  },
  aws: {
    name: "shop",
    environment: "staging",
    platform: { kind: "aws", region: "eu-central-1", account: "123456789012" },
    balancer: {
      kind: "nginx",
      listen: {
        tls: { certificate: { kind: "given", certificate: { secret: "crt" }, key: { secret: "key" } } },
      },
    },
    pools: { web: { active: 3, standby: { hot: 1, cold: 1 } } },
  },
  "aws-acm": {
    name: "shop",
    environment: "staging",
    platform: { kind: "aws", region: "eu-central-1" },
    balancer: {
      kind: "nginx",
      listen: {
        tls: {
          certificate: { kind: "acm", arn: "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d" },
        },
      },
    },
    pools: { web: { active: 2 } },
  },
};
