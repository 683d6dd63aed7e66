import { PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsPlan } from "../../../components/plan/platforms/aws/types.ts";
import type { ClusterPlan, GroupPlan } from "../../../components/plan/types.ts";
import type { AwsAccess } from "../../../scripts/platforms/aws/access.ts";
import { type AwsAnswer, xmlAnswer } from "./answers.ts";
import type { Aws } from "./moto.ts";
import { standGroup, standNetwork, standTemplate } from "./standing.ts";

/** What stands in the account by the names of a plan, for those who only look: made by the API itself, past the engine. */
export async function standUp(
  access: AwsAccess,
  plan: ClusterPlan,
  aws: AwsPlan,
): Promise<{ front: string }> {
  const { vpc, subnets } = await standNetwork(
    access.ec2,
    "10.80.0.0/22",
    (plan.groups[0]?.zones ?? []).map((zone, index) => ({ zone, cidr: `10.80.${index}.0/24` })),
  );
  const made = await access.elb.send(
    new CreateLoadBalancerCommand({ Name: aws.front.name, Type: "network", Subnets: [...subnets] }),
  );
  const front = made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  await access.elb.send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn: front,
      Attributes: [{ Key: "deletion_protection.enabled", Value: String(plan.protect) }],
    }),
  );
  for (const group of plan.groups) await standUpGroup(access, group, vpc, subnets);
  for (const { name } of aws.monitoring.alarms) {
    await access.cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: name,
        Namespace: "hotspare",
        MetricName: "RequestsPerNode",
        Statistic: "Sum",
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 1,
        Period: 60,
        EvaluationPeriods: 1,
      }),
    );
    await setAlarm(access, name, "OK");
  }
  return { front };
}

export async function setAlarm(access: AwsAccess, name: string, state: "OK" | "ALARM"): Promise<void> {
  await access.cloudWatch.send(
    new SetAlarmStateCommand({ AlarmName: name, StateValue: state, StateReason: "by a test" }),
  );
}

async function standUpGroup(
  { autoScaling, ec2, elb }: AwsAccess,
  { name, count }: GroupPlan,
  vpc: string,
  subnets: readonly string[],
): Promise<void> {
  const { TargetGroups = [] } = await elb.send(
    new CreateTargetGroupCommand({ Name: `${name}-t`.slice(-32), Protocol: "TCP", Port: 80, VpcId: vpc }),
  );
  await standTemplate(ec2, name);
  const targets = TargetGroups.map(({ TargetGroupArn }) => TargetGroupArn ?? "");
  await standGroup(autoScaling, { name, template: name, count, place: { subnets }, targets });
}

/** A change of a group as DescribeInstanceRefreshes lists it (EC2 Auto Scaling API reference, InstanceRefresh). */
export interface ListedRefresh {
  readonly id: string;
  readonly status: string;
  readonly percent?: number;
  readonly left?: number;
  readonly reason?: string;
  readonly start?: string;
  readonly end?: string;
  readonly back?: { readonly reason: string; readonly percent: number; readonly left: number };
}

/** Has the account list these changes, the newest first, by a group's name; of other groups none. moto knows nothing of them. */
export function listRefreshes(
  aws: Aws,
  byGroup: Readonly<Record<string, readonly ListedRefresh[]>> = {},
): void {
  aws.answer("DescribeInstanceRefreshes", ({ body }) => {
    const asked = new URLSearchParams(body);
    const most = Number(asked.get("MaxRecords") ?? 50);
    return refreshAnswer((byGroup[asked.get("AutoScalingGroupName") ?? ""] ?? []).slice(0, most));
  });
}

function refreshAnswer(refreshes: readonly ListedRefresh[]): AwsAnswer {
  const tag = (name: string, value: string | number | undefined) =>
    value === undefined ? "" : `<${name}>${value}</${name}>`;
  const members = refreshes.map(({ id, status, percent, left, reason, start, end, back }) => {
    const details =
      back === undefined
        ? ""
        : `<RollbackDetails>${tag("RollbackReason", back.reason)}${tag("PercentageCompleteOnRollback", back.percent)}${tag("InstancesToUpdateOnRollback", back.left)}</RollbackDetails>`;
    return `<member>${tag("InstanceRefreshId", id)}${tag("Status", status)}${tag("PercentageComplete", percent)}${tag("InstancesToUpdate", left)}${tag("StatusReason", reason)}${tag("StartTime", start)}${tag("EndTime", end)}${details}</member>`;
  });
  return xmlAnswer("DescribeInstanceRefreshes", `<InstanceRefreshes>${members.join("")}</InstanceRefreshes>`);
}
