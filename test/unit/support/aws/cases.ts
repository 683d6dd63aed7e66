import { gzipSync } from "node:zlib";

/* For each type inputs that AWS takes, and what it refuses of them, just beyond the limit. */

const base64 = (text: string) => Buffer.from(text).toString("base64");
const padded = (length: number) => `#cloud-config\n${"#".repeat(length - 14)}`;
const policy = (statement: object, others: object = {}) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [statement], ...others });
const allow = (fields: object) => policy({ Effect: "Allow", ...fields });
const trusted = { Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };
const read = { Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::bucket/*"] };
const longTrust = (length: number) => {
  const empty = policy({ Effect: "Allow", Sid: "", ...trusted });
  return empty.replace('"Sid":""', `"Sid":"${"a".repeat(length - empty.length)}"`);
};

const health = { protocol: "HTTP", path: "/", matcher: "200-299", interval: 5, timeout: 5 };
const target = { name: "t", port: 80, healthCheck: health };
const checked = (fields: object) => ({ healthCheck: { ...health, ...fields } });
const template = {
  name: "abc",
  instanceType: "t3.small",
  metadataOptions: { httpTokens: "required" },
  userData: base64("#cloud-config\n"),
};
const disk = (fields: object) => ({
  blockDeviceMappings: [{ ebs: { volumeType: "gp3", encrypted: "true", volumeSize: 8, ...fields } }],
});
const versioned = { id: "lt-1", version: "1" };
/** A group that is taken. */
export const group = {
  name: "g",
  minSize: 1,
  desiredCapacity: 2,
  maxSize: 2,
  launchTemplate: versioned,
};
const refreshed = (preferences: object) => ({ instanceRefresh: { strategy: "Rolling", preferences } });
const mixed = (...types: string[]) => ({
  launchTemplate: undefined,
  mixedInstancesPolicy: { launchTemplate: { overrides: types.map((instanceType) => ({ instanceType })) } },
});
const hook = {
  name: "ready",
  lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
  defaultResult: "ABANDON",
  heartbeatTimeout: 30,
};
const alarm = {
  name: "a b",
  statistic: "Average",
  comparisonOperator: "LessThanThreshold",
  treatMissingData: "ignore",
  period: 60,
  evaluationPeriods: 1440,
};
const follows = (configuration: object) => ({ targetTrackingConfiguration: configuration });
const cpu = { predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" } };
const widget = (fields: object) => ({
  dashboardBody: JSON.stringify({
    widgets: [
      {
        type: "metric",
        x: 16,
        width: 8,
        properties: { metrics: [["AWS/EC2", "CPUUtilization"]], region: "eu-central-1", period: 60 },
        ...fields,
      },
    ],
  }),
});
const rule = { ipProtocol: "tcp", fromPort: 80, toPort: 80, cidrIpv4: "10.0.0.0/8" };
const endpoint = { vpcEndpointType: "Interface", subnetIds: ["s"], securityGroupIds: ["g"] };
const parameter = { name: "/a/b", type: "SecureString", tier: "Standard", value: "v".repeat(4096) };

interface Case {
  /** All of it passes. */
  readonly good: object;
  /** Each laid over it is refused at the path, and nowhere else. */
  readonly bad: readonly (readonly [fields: object, path: string])[];
  /** Each laid over it passes as well. */
  readonly fine?: readonly object[];
}

export const cases: Readonly<Record<string, Case>> = {
  "ec2/vpc:Vpc": {
    good: { cidrBlock: "10.0.0.0/16" },
    fine: [{ cidrBlock: "10.0.0.0/28" }],
    bad: [
      [{ cidrBlock: "10.0.0.0/15" }, "cidrBlock"],
      [{ cidrBlock: "10.0.0.0/29" }, "cidrBlock"],
      [{ cidrBlock: "10.0.1.0/22" }, "cidrBlock"],
    ],
  },
  "ec2/subnet:Subnet": {
    good: { availabilityZone: "eu-central-1a", cidrBlock: "10.0.0.0/28" },
    bad: [
      [{ availabilityZone: "eu-west-1a" }, "availabilityZone"],
      [{ cidrBlock: "10.0.0.0/29" }, "cidrBlock"],
      [{ cidrBlock: "10.0.0.8/28" }, "cidrBlock"],
    ],
  },
  "ec2/route:Route": {
    good: { destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-1" },
    bad: [
      [{ destinationCidrBlock: "10.0.0.1/8" }, "destinationCidrBlock"],
      [{ natGatewayId: "nat-1" }, "gatewayId"],
      [{ gatewayId: undefined }, "gatewayId"],
    ],
  },
  "vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    good: rule,
    bad: [
      [{ cidrIpv4: "10.0.0.1/8" }, "cidrIpv4"],
      [{ referencedSecurityGroupId: "sg-1" }, "cidrIpv4"],
      [{ cidrIpv4: undefined }, "cidrIpv4"],
      [{ fromPort: 81 }, "fromPort"],
      [{ toPort: 65536 }, "toPort"],
      [{ ipProtocol: "TCP" }, "ipProtocol"],
      [{ description: "für alle" }, "description"],
    ],
  },
  "ec2/vpcEndpoint:VpcEndpoint": {
    good: endpoint,
    fine: [{ vpcEndpointType: "Gateway", routeTableIds: ["rtb"] }],
    bad: [
      [{ vpcEndpointType: "Gateway" }, "routeTableIds"],
      [{ subnetIds: [] }, "subnetIds"],
      [{ securityGroupIds: [] }, "securityGroupIds"],
    ],
  },
  "ec2/securityGroup:SecurityGroup": {
    good: { name: "s", description: "web of cluster shop" },
    bad: [
      [{ name: "sg-1" }, "name"],
      [{ description: "a*b|c" }, "description"],
    ],
  },
  "ec2/placementGroup:PlacementGroup": {
    good: { strategy: "partition", partitionCount: 7 },
    bad: [
      [{ partitionCount: 8 }, "partitionCount"],
      [{ strategy: "near" }, "strategy"],
    ],
  },
  "ec2/flowLog:FlowLog": {
    good: { trafficType: "ALL", maxAggregationInterval: 60 },
    bad: [
      [{ trafficType: "all" }, "trafficType"],
      [{ maxAggregationInterval: 61 }, "maxAggregationInterval"],
    ],
  },
  "ec2/launchTemplate:LaunchTemplate": {
    good: { ...template, ...disk({}) },
    fine: [
      { userData: base64(padded(16_384)) },
      { userData: gzipSync("#!/bin/sh\n").toString("base64") },
      { imageId: "ami-0123456789abcdef0" },
      disk({ iops: 4000, throughput: 1000 }),
    ],
    bad: [
      [{ name: "ab" }, "name"],
      [{ userData: base64(padded(16_385)) }, "userData"],
      [{ userData: base64("hello") }, "userData"],
      [{ userData: "#cloud-config" }, "userData"],
      [{ metadataOptions: { httpTokens: "optional" } }, "metadataOptions.httpTokens"],
      [
        { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 65 } },
        "metadataOptions.httpPutResponseHopLimit",
      ],
      [{ imageId: "resolve:ssm:/aws/x" }, "imageId"],
      [disk({ encrypted: "false" }), "blockDeviceMappings.*.ebs.encrypted"],
      [disk({ volumeType: "gp2" }), "blockDeviceMappings.*.ebs.volumeType"],
      [disk({ volumeSize: 0 }), "blockDeviceMappings.*.ebs.volumeSize"],
      [disk({ iops: 4001 }), "blockDeviceMappings.*.ebs.iops"],
      [disk({ throughput: 751 }), "blockDeviceMappings.*.ebs.throughput"],
      [{ instanceType: "m7g.large", creditSpecification: {} }, "creditSpecification"],
      [
        { instanceType: "m5.metal", hibernationOptions: { configured: true } },
        "hibernationOptions.configured",
      ],
    ],
  },
  "autoscaling/group:Group": {
    good: group,
    fine: [
      { warmPool: { poolState: "Stopped", minSize: 1, maxGroupPreparedCapacity: 1 } },
      { initialLifecycleHooks: [hook] },
      refreshed({ minHealthyPercentage: 50, maxHealthyPercentage: 150, checkpointPercentages: [20, 100] }),
      refreshed({ autoRollback: true }),
      { ...mixed("t3.small", "t3a.small") },
      { tags: [{ key: "a", value: "v".repeat(256) }] },
    ],
    bad: [
      [{ maxSize: 1 }, "desiredCapacity"],
      [{ minSize: 3 }, "desiredCapacity"],
      [{ ...mixed("t3.small"), warmPool: {} }, "warmPool"],
      [{ warmPool: { minSize: 3, maxGroupPreparedCapacity: 2 } }, "warmPool"],
      [{ warmPool: { poolState: "Cold" } }, "warmPool.poolState"],
      [{ launchTemplate: undefined }, "launchTemplate"],
      [{ ...mixed("t3.small", "t3.small") }, "mixedInstancesPolicy.launchTemplate.overrides"],
      [
        { initialLifecycleHooks: [{ ...hook, heartbeatTimeout: 29 }] },
        "initialLifecycleHooks.*.heartbeatTimeout",
      ],
      [
        { initialLifecycleHooks: [{ ...hook, lifecycleTransition: "launching" }] },
        "initialLifecycleHooks.*.lifecycleTransition",
      ],
      [refreshed({ maxHealthyPercentage: 120 }), "instanceRefresh.preferences.maxHealthyPercentage"],
      [
        refreshed({ minHealthyPercentage: 50, maxHealthyPercentage: 151 }),
        "instanceRefresh.preferences.maxHealthyPercentage",
      ],
      [refreshed({ checkpointPercentages: [50, 50] }), "instanceRefresh.preferences.checkpointPercentages"],
      [refreshed({ checkpointPercentages: [101] }), "instanceRefresh.preferences.checkpointPercentages.*"],
      [refreshed({ checkpointDelay: 60 }), "instanceRefresh.preferences.checkpointDelay"],
      [
        refreshed({ alarmSpecification: { alarms: Array(11).fill("a") } }),
        "instanceRefresh.preferences.alarmSpecification.alarms",
      ],
      [
        { launchTemplate: { id: "lt-1", version: "$Latest" }, ...refreshed({ autoRollback: true }) },
        "launchTemplate.version",
      ],
      [{ vpcZoneIdentifiers: [] }, "vpcZoneIdentifiers"],
      [{ healthCheckType: "NLB" }, "healthCheckType"],
      [{ enabledMetrics: ["CPUUtilization"] }, "enabledMetrics.*"],
      [{ tags: [{ key: "a", value: "v".repeat(257) }] }, "tags.a"],
    ],
  },
  "autoscaling/lifecycleHook:LifecycleHook": {
    good: hook,
    bad: [
      [{ heartbeatTimeout: 7201 }, "heartbeatTimeout"],
      [{ name: "is ready" }, "name"],
      [{ defaultResult: "abandon" }, "defaultResult"],
    ],
  },
  "autoscaling/policy:Policy": {
    good: { name: "p", policyType: "TargetTrackingScaling", ...follows({ ...cpu, targetValue: 60 }) },
    bad: [
      [follows(cpu), "targetTrackingConfiguration.targetValue"],
      [follows({ targetValue: 60 }), "targetTrackingConfiguration"],
      [
        follows({ ...cpu, customizedMetricSpecification: {}, targetValue: 60 }),
        "targetTrackingConfiguration",
      ],
      [{ policyType: "Guess" }, "policyType"],
    ],
  },
  "autoscaling/schedule:Schedule": {
    good: { recurrence: "0 7 * * 1-5", minSize: 4, maxSize: -1, desiredCapacity: -1 },
    bad: [
      [{ recurrence: "0 7 * *" }, "recurrence"],
      [{ minSize: -1 }, "minSize"],
    ],
  },
  "lb/loadBalancer:LoadBalancer": {
    good: { name: "a".repeat(32), subnets: ["s"] },
    fine: [{ name: "intern-a" }],
    bad: [
      [{ name: "a".repeat(33) }, "name"],
      [{ name: "internal-a" }, "name"],
      [{ subnets: [] }, "subnets"],
      [{ subnetMappings: [{ subnetId: "s", allocationId: "e" }] }, "subnets"],
      [
        { subnets: undefined, internal: true, subnetMappings: [{ subnetId: "s", allocationId: "e" }] },
        "subnetMappings",
      ],
      [{ securityGroups: Array(6).fill("sg") }, "securityGroups"],
    ],
  },
  "lb/targetGroup:TargetGroup": {
    good: target,
    fine: [
      checked({ matcher: "200,202,301-308" }),
      checked({ port: "traffic-port" }),
      { healthCheck: { protocol: "TCP" } },
    ],
    bad: [
      [{ name: "a-" }, "name"],
      [{ port: 65536 }, "port"],
      [checked({ interval: 4, timeout: 4 }), "healthCheck.interval"],
      [checked({ timeout: 6 }), "healthCheck.timeout"],
      [checked({ path: "healthz" }), "healthCheck.path"],
      [checked({ path: undefined }), "healthCheck.path"],
      [checked({ path: `/${"a".repeat(1024)}` }), "healthCheck.path"],
      [checked({ matcher: "199-299" }), "healthCheck.matcher"],
      [checked({ matcher: "200-600" }), "healthCheck.matcher"],
      [checked({ port: "http" }), "healthCheck.port"],
      [checked({ protocol: "TCP" }), "healthCheck.protocol"],
      [{ deregistrationDelay: 3601 }, "deregistrationDelay"],
    ],
  },
  "lb/listener:Listener": {
    good: { port: 1, protocol: "TCP" },
    fine: [{ protocol: "TLS", certificateArn: "arn", sslPolicy: "p", alpnPolicy: "HTTP2Preferred" }],
    bad: [
      [{ port: 0 }, "port"],
      [{ protocol: "TLS" }, "certificateArn"],
      [{ certificateArn: "arn" }, "certificateArn"],
      [{ sslPolicy: "p" }, "sslPolicy"],
      [{ alpnPolicy: "HTTP1Only" }, "alpnPolicy"],
      [{ protocol: "TLS", certificateArn: "arn", alpnPolicy: "h2" }, "alpnPolicy"],
      [{ protocol: "HTTP" }, "protocol"],
    ],
  },
  "iam/role:Role": {
    good: { name: "r".repeat(64), assumeRolePolicy: allow(trusted) },
    fine: [{ assumeRolePolicy: longTrust(2048) }],
    bad: [
      [{ name: "r".repeat(65) }, "name"],
      [{ assumeRolePolicy: longTrust(2049) }, "assumeRolePolicy"],
      [{ assumeRolePolicy: "{" }, "assumeRolePolicy"],
      [{ assumeRolePolicy: allow({ ...trusted, Principal: undefined }) }, "assumeRolePolicy.Statement[0]"],
      [{ assumeRolePolicy: allow({ ...trusted, Resource: "*" }) }, "assumeRolePolicy.Statement[0]"],
    ],
  },
  "iam/rolePolicy:RolePolicy": {
    good: { policy: allow(read) },
    fine: [
      { policy: allow({ ...read, Condition: { StringEquals: { "aws:RequestTag/hotspare.cluster": "x" } } }) },
      { policy: allow({ ...read, Resource: "arn:aws:logs:eu-central-1:123456789012:log-group:/a:*" }) },
    ],
    bad: [
      [{ policy: allow({ ...read, Action: ["GetObject"] }) }, "policy.Statement[0]"],
      [{ policy: allow({ ...read, Action: [] }) }, "policy.Statement[0]"],
      [{ policy: allow({ ...read, Resource: ["bucket/*"] }) }, "policy.Statement[0]"],
      [{ policy: allow({ ...read, Resource: ["arn:aws:s3:::"] }) }, "policy.Statement[0]"],
      [{ policy: allow({ ...read, Resource: undefined }) }, "policy.Statement[0]"],
      [{ policy: allow({ ...read, Actions: [] }) }, "policy.Statement[0]"],
      [{ policy: allow({ ...read, Effect: "allow" }) }, "policy.Statement[0]"],
      [{ policy: allow({ ...read, Sid: "own files" }) }, "policy.Statement[0]"],
      [{ policy: allow({ ...read, Condition: { Equals: {} } }) }, "policy.Statement[0]"],
      [{ policy: allow({ ...read, Condition: { Bool: { SecureTransport: true } } }) }, "policy.Statement[0]"],
      [{ policy: allow({ ...read, Principal: "*" }) }, "policy.Statement[0]"],
      [{ policy: policy({ Effect: "Allow", ...read }, { Version: "2008-10-17" }) }, "policy.Version"],
      [{ policy: policy({}, { Statement: [] }) }, "policy.Statement"],
    ],
  },
  "s3/bucket:Bucket": {
    good: { bucket: "a.b-c" },
    bad: [
      [{ bucket: "A-b" }, "bucket"],
      [{ bucket: "a..b" }, "bucket"],
    ],
  },
  "s3/bucketPolicy:BucketPolicy": {
    good: { policy: allow({ ...read, Principal: "*" }) },
    bad: [[{ policy: allow(read) }, "policy.Statement[0]"]],
  },
  "s3/bucketObjectv2:BucketObjectv2": {
    good: { key: "k".repeat(1024) },
    fine: [{ tags: Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`k${index}`, ""])) }],
    bad: [
      [{ key: "k".repeat(1025) }, "key"],
      [{ tags: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, ""])) }, "tags"],
    ],
  },
  "ssm/parameter:Parameter": {
    good: parameter,
    fine: [{ tier: "Intelligent-Tiering", value: "v".repeat(8192) }, { value: { value: "v".repeat(4096) } }],
    bad: [
      [{ name: "a b" }, "name"],
      [{ value: "v".repeat(4097) }, "value"],
      [{ value: { value: "v".repeat(4097) } }, "value"],
      [{ value: "" }, "value"],
      [{ tier: "Huge" }, "tier"],
      [{ type: "Secret" }, "type"],
      [{ type: "String", keyId: "k" }, "keyId"],
    ],
  },
  "cloudwatch/metricAlarm:MetricAlarm": {
    good: alarm,
    fine: [
      { period: 3600, evaluationPeriods: 168 },
      { statistic: undefined, extendedStatistic: "p99.9" },
    ],
    bad: [
      [{ name: "ä" }, "name"],
      [{ evaluationPeriods: 1441 }, "evaluationPeriods"],
      [{ period: 3600, evaluationPeriods: 169 }, "evaluationPeriods"],
      [{ period: 90, evaluationPeriods: 1 }, "period"],
      [{ datapointsToAlarm: 1441 }, "datapointsToAlarm"],
      [{ extendedStatistic: "p99" }, "statistic"],
      [{ statistic: "p99" }, "statistic"],
      [{ statistic: undefined, extendedStatistic: "99" }, "extendedStatistic"],
      [{ comparisonOperator: ">" }, "comparisonOperator"],
      [{ treatMissingData: "fine" }, "treatMissingData"],
      [{ alarmActions: Array(6).fill("a") }, "alarmActions"],
      [
        { dimensions: Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`d${index}`, "v"])) },
        "dimensions",
      ],
    ],
  },
  "cloudwatch/dashboard:Dashboard": {
    good: widget({}),
    fine: [widget({ type: "text", properties: { markdown: "# shop" } })],
    bad: [
      [{ dashboardBody: "[]" }, "dashboardBody"],
      [widget({ x: 17 }), "dashboardBody.widgets[0]"],
      [widget({ properties: { metrics: [] } }), "dashboardBody.widgets[0]"],
      [
        widget({ properties: { metrics: [["AWS/EC2", "a", "b"]], region: "r", period: 60 } }),
        "dashboardBody.widgets[0]",
      ],
      [widget({ type: "text" }), "dashboardBody.widgets[0]"],
    ],
  },
  "cloudwatch/logGroup:LogGroup": {
    good: { name: "/a/b", retentionInDays: 14 },
    bad: [[{ retentionInDays: 15 }, "retentionInDays"]],
  },
  "sns/topic:Topic": {
    good: { name: "t_1", tags: { a: "v" } },
    bad: [
      [{ name: "t.1" }, "name"],
      [{ tags: { "aws:a": "v" } }, "tags.aws:a"],
      [{ tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, ""])) }, "tags"],
    ],
  },
  "sns/topicSubscription:TopicSubscription": {
    good: { protocol: "email", endpoint: "a@example.com" },
    bad: [
      [{ endpoint: "a" }, "endpoint"],
      [{ protocol: "mail" }, "protocol"],
    ],
  },
};
