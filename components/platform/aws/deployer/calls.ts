import { machineCalls } from "./machine-calls.ts";
import { networkCalls } from "./network-calls.ts";
import { serviceCalls } from "./service-calls.ts";
import type { Calls } from "./types.ts";

/*
 * What Pulumi's AWS provider asks for each type of resource that the kit makes. Read from the Terraform provider that it is made
 * from (create, read, update and delete of `internal/service/*`), and written as rights by AWS's Service Authorization Reference,
 * which also says which of them can be kept to certain resources. A type that isn't here can't be made by a deployer; a test
 * holds the list equal to what the kit makes.
 */

/** All types by their token. */
export const callsOf: Readonly<Record<string, Calls>> = {
  ...networkCalls,
  ...machineCalls,
  ...serviceCalls,
};

/** Types that are there only where the cluster has a VPC of its own. */
export const ofOwnVpc: readonly string[] = Object.keys(networkCalls).filter(
  (type) => !/securityGroup(IngressRule|EgressRule)?:/.test(type),
);

/** What the kit's own commands ask to tell how the cluster is; what they change, the provider changes as well. */
export const callsOfCommands: readonly string[] = [
  "autoscaling:DescribeAutoScalingGroups",
  "autoscaling:DescribeInstanceRefreshes",
  "autoscaling:DescribeScalingActivities",
  "autoscaling:DescribeWarmPool",
  "cloudwatch:DescribeAlarms",
  // Where its types are to be had.
  "ec2:DescribeInstanceTypeOfferings",
  "ec2:DescribeInstances",
  "ec2:DescribeVolumes",
  // What a machine said last that didn't get ready.
  "ec2:GetConsoleOutput",
  "elasticloadbalancing:DescribeLoadBalancerAttributes",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeTargetHealth",
  // Whether the account has room, and what others take of it.
  "ec2:DescribeAddresses",
  "ec2:DescribeVpcs",
  "servicequotas:GetAWSDefaultServiceQuota",
  "servicequotas:GetServiceQuota",
];
