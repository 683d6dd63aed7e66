import { valuesAt } from "../catalogue/paths.ts";
import { isUnknown } from "../catalogue/types.ts";
import type { Rule } from "./types.ts";

interface Words {
  readonly path: string;
  /** The values that are taken, or what they look like. */
  readonly allowed: readonly unknown[] | RegExp;
  readonly source: string;
}

const words = (path: string, source: string, ...allowed: unknown[]): Words => ({ path, allowed, source });
const like = (path: string, source: string, allowed: RegExp): Words => ({ path, allowed, source });

const groupDescription = /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/;
const hookName = /^[A-Za-z0-9\-_/]{1,255}$/;
const transitions = ["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"];
const hookSource = "EC2 Auto Scaling API, LifecycleHookSpecification";
const hook = (prefix: string): Words[] => [
  like(`${prefix}name`, hookSource, hookName),
  words(`${prefix}lifecycleTransition`, hookSource, ...transitions),
  words(`${prefix}defaultResult`, hookSource, "ABANDON", "CONTINUE"),
];
const ruleWords = [
  like("description", "EC2 API, IpRange", groupDescription),
  words("ipProtocol", "EC2 API, IpPermission", "tcp", "udp", "icmp", "-1"),
];

/** Words that AWS knows, by type. */
const known: Readonly<Record<string, readonly Words[]>> = {
  "aws:ec2/securityGroup:SecurityGroup": [
    like("description", "EC2 API, CreateSecurityGroup", groupDescription),
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ruleWords,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ruleWords,
  "aws:ec2/eip:Eip": [words("domain", "EC2 API, AllocateAddress", "vpc")],
  "aws:ec2/placementGroup:PlacementGroup": [
    words("strategy", "EC2 API, CreatePlacementGroup", "cluster", "spread", "partition"),
    words("spreadLevel", "EC2 API, CreatePlacementGroup", "rack", "host"),
  ],
  "aws:ec2/flowLog:FlowLog": [
    words("trafficType", "EC2 API, CreateFlowLogs", "ACCEPT", "REJECT", "ALL"),
    words("maxAggregationInterval", "EC2 API, CreateFlowLogs", 60, 600),
  ],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [
    words("vpcEndpointType", "EC2 API, CreateVpcEndpoint", "Interface", "Gateway"),
  ],
  "aws:autoscaling/group:Group": [
    words("healthCheckType", "EC2 Auto Scaling API, CreateAutoScalingGroup", "EC2", "ELB"),
    words("warmPool.poolState", "EC2 Auto Scaling API, PutWarmPool", "Stopped", "Running", "Hibernated"),
    words("instanceRefresh.strategy", "EC2 Auto Scaling API, StartInstanceRefresh", "Rolling"),
    words(
      "mixedInstancesPolicy.instancesDistribution.spotAllocationStrategy",
      "EC2 Auto Scaling API, InstancesDistribution",
      "price-capacity-optimized",
      "capacity-optimized",
      "capacity-optimized-prioritized",
      "lowest-price",
    ),
    like(
      "enabledMetrics.*",
      "EC2 Auto Scaling API, EnableMetricsCollection",
      /^(Group|WarmPool|GroupAndWarmPool)[A-Z][A-Za-z]+$/,
    ),
    words("metricsGranularity", "EC2 Auto Scaling API, EnableMetricsCollection", "1Minute"),
    ...hook("initialLifecycleHooks.*."),
  ],
  "aws:autoscaling/lifecycleHook:LifecycleHook": hook(""),
  "aws:lb/loadBalancer:LoadBalancer": [
    words("loadBalancerType", "ELB API, CreateLoadBalancer", "network", "application", "gateway"),
  ],
  "aws:cloudwatch/logGroup:LogGroup": [
    words(
      "retentionInDays",
      "CloudWatch Logs API, PutRetentionPolicy",
      ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288],
      3653,
    ),
  ],
  "aws:sns/topicSubscription:TopicSubscription": [
    words("protocol", "SNS API, Subscribe", "email", "email-json", "https", "http", "sqs", "lambda", "sms"),
  ],
};

/** Words that AWS doesn't know. */
export const checkWords: Rule = ({ token, inputs }) =>
  (known[token] ?? []).flatMap(({ path, allowed, source }) =>
    valuesAt(inputs, path)
      .filter((value) => !isUnknown(value))
      .filter((value) =>
        allowed instanceof RegExp ? !allowed.test(String(value)) : !allowed.includes(value),
      )
      .map((value) => ({
        path,
        message: `"${value}" is none of what ${source} takes (${allowed instanceof RegExp ? allowed.source : allowed.join(", ")})`,
      })),
  );
