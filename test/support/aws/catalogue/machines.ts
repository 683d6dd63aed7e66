import { arn, type Fields, held, isUnknown, loose, type Making, type ResourceType, textOf } from "./types.ts";

const templateType = "aws:ec2/launchTemplate:LaunchTemplate";
const groupType = "aws:autoscaling/group:Group";
const loadBalancerType = "aws:lb/loadBalancer:LoadBalancer";
const targetGroupType = "aws:lb/targetGroup:TargetGroup";

/** What metrics call a load balancer or a target group; the end of its ARN. */
const elbSuffix = (kind: string, making: Making): string =>
  `${kind}/${textOf(making.inputs, "name")}/${making.hex.slice(0, 16)}`;

/**
 * A network load balancer can't lose subnets, and can't begin or cease to have security groups: `customizeDiffLoadBalancerNLB`.
 */
function networkLoadBalancer(before: Fields, after: Fields): string[] {
  const listsOf = ({ subnets, subnetMappings, securityGroups }: Fields) => ({
    subnets: (subnets ?? []) as readonly unknown[],
    mappings: ((subnetMappings ?? []) as readonly unknown[]).map((mapping) => JSON.stringify(mapping)),
    groups: (securityGroups ?? []) as readonly unknown[],
  });
  const [old, now] = [listsOf(before), listsOf(after)];
  if (now.subnets.some(isUnknown)) return [];
  return [
    // More of them are an update as long as those of before are among them.
    ...(old.mappings.every((mapping) => now.mappings.includes(mapping)) &&
    (old.mappings.length > 0 || now.mappings.length === 0)
      ? []
      : ["subnetMappings"]),
    ...(old.subnets.some((subnet) => !now.subnets.includes(subnet)) ? ["subnets"] : []),
    ...((old.groups.length === 0) === (now.groups.length === 0) ? [] : ["securityGroups"]),
  ];
}

/** Templates, groups, load balancer. */
export const machineTypes: Readonly<Record<string, ResourceType>> = {
  [templateType]: {
    replaces: ["name"],
    sets: ["vpcSecurityGroupIds"],
    name: "name",
    make: (making) => ({
      id: `lt-${making.hex}`,
      arn: arn("ec2", making, `launch-template/lt-${making.hex}`),
      latestVersion: 1,
      defaultVersion: 1,
    }),
    renews: (changed) => {
      // Tags are the template's own, all else makes a version: `updateKeys` of aws_launch_template.
      const made = changed.some((path) => !/^(tags|updateDefaultVersion)\b/.test(path));
      // Its `CustomizeDiff` leaves these out, so a preview takes the version for unchanged.
      const foretold = changed.some((path) => !/^(name|description|updateDefaultVersion)\b/.test(path));
      return { outputs: made ? ["latestVersion", "defaultVersion"] : [], foretold };
    },
    references: [
      loose("iamInstanceProfile.arn", "aws:iam/instanceProfile:InstanceProfile", "arn"),
      loose("vpcSecurityGroupIds.*", "aws:ec2/securityGroup:SecurityGroup"),
    ],
  },
  "aws:ec2/placementGroup:PlacementGroup": {
    replaces: ["name", "strategy", "partitionCount", "spreadLevel"],
    name: "name",
    make: (making) => ({
      id: textOf(making.inputs, "name"),
      placementGroupId: `pg-${making.hex}`,
      arn: arn("ec2", making, `placement-group/${textOf(making.inputs, "name")}`),
    }),
    references: [],
  },
  [groupType]: {
    // Hooks that a group is made with are the making's own; they can be changed by resources of their own only.
    replaces: ["name", "initialLifecycleHooks"],
    sets: ["vpcZoneIdentifiers", "targetGroupArns", "enabledMetrics", "initialLifecycleHooks", "tags"],
    name: "name",
    make: (making) => ({
      id: textOf(making.inputs, "name"),
      arn: arn(
        "autoscaling",
        making,
        `autoScalingGroup:${making.hex}:autoScalingGroupName/${textOf(making.inputs, "name")}`,
      ),
    }),
    references: [
      held("vpcZoneIdentifiers.*", "aws:ec2/subnet:Subnet"),
      loose("targetGroupArns.*", targetGroupType, "arn"),
      loose("launchTemplate.id", templateType),
      loose("mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.launchTemplateId", templateType),
      held("placementGroup", "aws:ec2/placementGroup:PlacementGroup", "name"),
      loose(
        "instanceRefresh.preferences.alarmSpecification.alarms.*",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "name",
      ),
    ],
  },
  "aws:autoscaling/lifecycleHook:LifecycleHook": {
    replaces: ["name", "autoscalingGroupName"],
    make: ({ inputs }) => ({ id: textOf(inputs, "name") }),
    references: [loose("autoscalingGroupName", groupType, "name")],
  },
  "aws:autoscaling/policy:Policy": {
    replaces: ["name", "autoscalingGroupName"],
    make: (making) => ({
      id: textOf(making.inputs, "name"),
      arn: arn("autoscaling", making, `scalingPolicy:${making.hex}`),
    }),
    references: [loose("autoscalingGroupName", groupType, "name")],
  },
  "aws:autoscaling/schedule:Schedule": {
    replaces: ["scheduledActionName", "autoscalingGroupName"],
    make: (making) => ({
      id: textOf(making.inputs, "scheduledActionName"),
      arn: arn("autoscaling", making, `scheduledUpdateGroupAction:${making.hex}`),
    }),
    references: [loose("autoscalingGroupName", groupType, "name")],
  },
  "aws:route53/record:Record": {
    replaces: ["zoneId", "name", "setIdentifier"],
    make: ({ inputs }) => ({
      id: `${textOf(inputs, "zoneId")}_${textOf(inputs, "name")}_A`,
      fqdn: textOf(inputs, "name"),
    }),
    references: [loose("aliases.*.name", loadBalancerType, "dnsName")],
  },
  [loadBalancerType]: {
    replaces: ["name", "internal", "loadBalancerType"],
    replacesWhen: networkLoadBalancer,
    sets: ["subnets", "subnetMappings", "securityGroups"],
    name: "name",
    make: (making) => {
      const suffix = elbSuffix("net", making);
      const id = arn("elasticloadbalancing", making, `loadbalancer/${suffix}`);
      const dnsName = `${textOf(making.inputs, "name")}-${making.hex}.elb.${making.region}.amazonaws.com`;
      return { id, arn: id, arnSuffix: suffix, dnsName, zoneId: "Z3F0SRJ5LGBH90" };
    },
    references: [
      held("subnets.*", "aws:ec2/subnet:Subnet"),
      held("subnetMappings.*.subnetId", "aws:ec2/subnet:Subnet"),
      held("securityGroups.*", "aws:ec2/securityGroup:SecurityGroup"),
    ],
  },
  [targetGroupType]: {
    replaces: ["name", "port", "protocol", "protocolVersion", "targetType", "vpcId", "ipAddressType"],
    name: "name",
    make: (making) => {
      const suffix = elbSuffix("targetgroup", making);
      const id = arn("elasticloadbalancing", making, suffix);
      return { id, arn: id, arnSuffix: suffix };
    },
    references: [loose("vpcId", "aws:ec2/vpc:Vpc")],
  },
  "aws:lb/listener:Listener": {
    replaces: ["loadBalancerArn"],
    make: (making) => {
      const front = textOf(making.inputs, "loadBalancerArn").split("loadbalancer/").at(-1);
      const id = arn("elasticloadbalancing", making, `listener/${front}/${making.hex.slice(0, 16)}`);
      return { id, arn: id };
    },
    references: [
      // It goes with its load balancer.
      loose("loadBalancerArn", loadBalancerType, "arn"),
      held("defaultActions.*.targetGroupArn", targetGroupType, "arn"),
    ],
  },
};
