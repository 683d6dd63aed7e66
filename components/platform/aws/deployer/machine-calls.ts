import { named, tagged } from "./rights.ts";
import type { Calls, Named, NamedCalls } from "./types.ts";

const autoscaling = (calls: readonly string[], look: readonly string[]): Calls =>
  named("machines", "auto-scaling-group", "autoscaling", calls, look);
const balancing = (thing: Named, calls: readonly string[], look: readonly string[]): NamedCalls =>
  named(
    "machines",
    thing,
    "elasticloadbalancing",
    ["AddTags", "RemoveTags", ...calls],
    ["DescribeTags", ...look],
  );

/**
 * What Elastic Load Balancing asks of EC2 in the caller's name when it makes a load balancer or a target group, also in an adopted
 * VPC (Elastic Load Balancing user guide, API permissions).
 */
const asksOfEc2 = [
  "ec2:DescribeAccountAttributes",
  "ec2:DescribeAddresses",
  "ec2:DescribeInternetGateways",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
];

/** Templates, groups, the load balancer. */
export const machineCalls: Readonly<Record<string, Calls>> = {
  "aws:ec2/launchTemplate:LaunchTemplate": tagged("machines", "launch-template", {
    make: ["CreateLaunchTemplate"],
    keep: ["CreateLaunchTemplateVersion", "DeleteLaunchTemplate", "ModifyLaunchTemplate"],
    look: ["DescribeLaunchTemplateVersions", "DescribeLaunchTemplates"],
  }),
  "aws:ec2/placementGroup:PlacementGroup": tagged("machines", "placement-group", {
    make: ["CreatePlacementGroup"],
    keep: ["DeletePlacementGroup"],
    look: ["DescribePlacementGroups"],
  }),
  "aws:autoscaling/group:Group": autoscaling(
    [
      "AttachLoadBalancerTargetGroups",
      "CancelInstanceRefresh",
      "CreateAutoScalingGroup",
      "CreateOrUpdateTags",
      "DeleteAutoScalingGroup",
      "DeleteTags",
      "DeleteWarmPool",
      "DetachLoadBalancerTargetGroups",
      "DisableMetricsCollection",
      "EnableMetricsCollection",
      // With the group, for its first machines.
      "PutLifecycleHook",
      "PutWarmPool",
      "StartInstanceRefresh",
      "UpdateAutoScalingGroup",
    ],
    [
      "DescribeAutoScalingGroups",
      "DescribeInstanceRefreshes",
      "DescribeScalingActivities",
      // Until a port's change has attached the new target group and detached the old one.
      "DescribeLoadBalancerTargetGroups",
      "DescribeWarmPool",
      // It waits until so many targets pass their checks.
      "elasticloadbalancing:DescribeTargetHealth",
    ],
  ),
  "aws:autoscaling/lifecycleHook:LifecycleHook": autoscaling(
    ["DeleteLifecycleHook", "PutLifecycleHook"],
    ["DescribeLifecycleHooks"],
  ),
  "aws:autoscaling/policy:Policy": autoscaling(["DeletePolicy", "PutScalingPolicy"], ["DescribePolicies"]),
  "aws:lb/loadBalancer:LoadBalancer": balancing(
    "load-balancer",
    [
      "CreateLoadBalancer",
      "DeleteLoadBalancer",
      "ModifyLoadBalancerAttributes",
      "SetIpAddressType",
      "SetSecurityGroups",
      "SetSubnets",
    ],
    [
      "DescribeCapacityReservation",
      "DescribeLoadBalancerAttributes",
      "DescribeLoadBalancers",
      ...asksOfEc2,
      // After its deletion it waits until its interfaces are gone, or its subnets couldn't go.
      "ec2:DescribeNetworkInterfaces",
    ],
  ),
  "aws:lb/targetGroup:TargetGroup": balancing(
    "target-group",
    ["CreateTargetGroup", "DeleteTargetGroup", "ModifyTargetGroup", "ModifyTargetGroupAttributes"],
    ["DescribeTargetGroupAttributes", "DescribeTargetGroups", ...asksOfEc2],
  ),
  "aws:lb/listener:Listener": {
    ...balancing(
      "listener",
      ["DeleteListener", "ModifyListener", "ModifyListenerAttributes"],
      ["DescribeListenerAttributes", "DescribeListeners"],
    ),
    on: { thing: "load-balancer", calls: ["elasticloadbalancing:CreateListener"] },
  },
};
