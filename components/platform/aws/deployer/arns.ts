import { clusterNames, partitionOf } from "../../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../../plan/platforms/aws/part.ts";
import type { ClusterPlan } from "../../../plan/types.ts";
import type { Named, Tagged } from "./types.ts";

/** Any account where the stack names none: the credentials then decide. */
const accountOf = (plan: ClusterPlan) => awsPlanOf(plan).account ?? "*";

/** An ARN in the plan's region and account. */
export function regional(plan: ClusterPlan, service: string, rest: string): string {
  const { region } = awsPlanOf(plan);
  return `arn:${partitionOf(region)}:${service}:${region}:${accountOf(plan)}:${rest}`;
}

/** An ARN of a service that knows no regions, and of S3 no accounts either. */
function global(plan: ClusterPlan, service: string, rest: string): string {
  const account = service === "s3" ? "" : accountOf(plan);
  return `arn:${partitionOf(awsPlanOf(plan).region)}:${service}::${account}:${rest}`;
}

/** All resources of a kind: which of them are the cluster's, a condition on their tags tells. */
export function taggedArns(plan: ClusterPlan, thing: Tagged): string[] {
  return [regional(plan, "ec2", `${thing}/*`)];
}

/** An adopted VPC and its subnets; none where the VPC is the cluster's. */
export function adoptedArns(plan: ClusterPlan): string[] {
  const { vpc } = awsPlanOf(plan);
  if (vpc.kind === "own") return [];
  const subnets = vpc.zones.flatMap((zone) => [zone.public, zone.private]);
  return [vpc.id, ...subnets].map((id) => regional(plan, "ec2", `${id.split("-")[0]}/${id}`));
}

/** All resources of a kind that the cluster may ever have, by how their names begin. */
export function namedArns(plan: ClusterPlan, thing: Named): string[] {
  const { bucket, dashboard, logs, parameters, topic } = clusterNames(plan);
  const { front, monitoring } = awsPlanOf(plan);
  const start = `${dashboard}-`;
  const partition = partitionOf(awsPlanOf(plan).region);
  switch (thing) {
    case "auto-scaling-group":
      return [regional(plan, "autoscaling", `autoScalingGroup:*:autoScalingGroupName/${start}*`)];
    case "load-balancer":
      return [regional(plan, "elasticloadbalancing", `loadbalancer/net/${front.name}/*`)];
    case "target-group":
      return [regional(plan, "elasticloadbalancing", `targetgroup/${targetGroupStart(start)}*`)];
    case "listener":
      return [regional(plan, "elasticloadbalancing", `listener/net/${front.name}/*`)];
    case "role":
      return [global(plan, "iam", `role/${start}*`)];
    case "instance-profile":
      return [global(plan, "iam", `instance-profile/${start}*`)];
    case "bucket":
      return [global(plan, "s3", bucket)];
    case "object":
      return [global(plan, "s3", `${bucket}/*`)];
    case "parameter":
      return [regional(plan, "ssm", `parameter${parameters}*`)];
    case "log-group":
      return [regional(plan, "logs", `log-group:${logs}*`)];
    case "alarm":
      return [regional(plan, "cloudwatch", `alarm:${start}*`)];
    case "dashboard":
      return [global(plan, "cloudwatch", `dashboard/${dashboard}`)];
    case "topic":
      return [monitoring.topic ?? regional(plan, "sns", topic)];
    case "hosted-zone":
      return front.dns === undefined ? [] : [`arn:${partition}:route53:::hostedzone/${front.dns.zone}`];
    case "dns-change":
      return front.dns === undefined ? [] : [`arn:${partition}:route53:::change/*`];
    default:
      return thing satisfies never;
  }
}

/** How the names of all target groups begin: long ones are cut after twenty characters. */
function targetGroupStart(start: string): string {
  const safe = start.startsWith("internal-") ? `x-${start}` : start;
  return safe.length <= 20 ? safe : safe.slice(0, 20).replace(/-+$/, "");
}
