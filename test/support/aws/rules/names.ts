import type { Problem, Subject } from "./types.ts";

interface NameRule {
  readonly input: string;
  readonly pattern: RegExp;
  readonly source: string;
}

const elb = /^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/;
const iam = (limit: number) => new RegExp(`^[\\w+=,.@-]{1,${limit}}$`);

/** What names may be, by type. */
const names: Readonly<Record<string, NameRule>> = {
  "aws:lb/loadBalancer:LoadBalancer": { input: "name", pattern: elb, source: "ELB API, CreateLoadBalancer" },
  "aws:lb/targetGroup:TargetGroup": { input: "name", pattern: elb, source: "ELB API, CreateTargetGroup" },
  "aws:autoscaling/group:Group": {
    input: "name",
    pattern: /^[^:]{1,255}$/,
    source: "EC2 Auto Scaling API, CreateAutoScalingGroup",
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    input: "name",
    pattern: /^[A-Za-z0-9().\-/_]{3,128}$/,
    source: "EC2 API, CreateLaunchTemplate",
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    input: "name",
    pattern: /^(?!sg-)[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/,
    source: "EC2 API, CreateSecurityGroup",
  },
  "aws:iam/role:Role": { input: "name", pattern: iam(64), source: "IAM API, CreateRole" },
  "aws:iam/instanceProfile:InstanceProfile": {
    input: "name",
    pattern: iam(128),
    source: "IAM API, CreateInstanceProfile",
  },
  "aws:s3/bucket:Bucket": {
    input: "bucket",
    pattern: /^[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]$/,
    source: "S3 user guide, Bucket naming rules",
  },
  "aws:autoscaling/policy:Policy": {
    input: "name",
    pattern: /^[\x20-\x7e]{1,255}$/,
    source: "EC2 Auto Scaling API, PutScalingPolicy",
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    input: "name",
    pattern: /^[\x20-\x7e]{1,255}$/,
    source: "CloudWatch API, PutMetricAlarm",
  },
  "aws:ssm/parameter:Parameter": {
    input: "name",
    pattern: /^(\/[A-Za-z0-9._-]+){1,15}$/,
    source: "Systems Manager API, PutParameter",
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    input: "name",
    pattern: /^[.\-_/#A-Za-z0-9]{1,512}$/,
    source: "CloudWatch Logs API, CreateLogGroup",
  },
  "aws:sns/topic:Topic": { input: "name", pattern: /^[A-Za-z0-9_-]{1,256}$/, source: "SNS API, CreateTopic" },
  "aws:cloudwatch/dashboard:Dashboard": {
    input: "dashboardName",
    pattern: /^[A-Za-z0-9_-]{1,255}$/,
    source: "CloudWatch API, PutDashboard",
  },
};

/** Names that AWS refuses. */
export function checkName({ token, inputs }: Subject): Problem[] {
  const rule = names[token];
  const name = rule === undefined ? undefined : inputs[rule.input];
  if (rule === undefined || typeof name !== "string" || rule.pattern.test(name)) return [];
  return [
    { path: rule.input, message: `"${name}" is no name that ${rule.source} takes (${rule.pattern.source})` },
  ];
}
