import {
  type AutoScalingGroup,
  DescribeInstanceRefreshesCommand,
  DescribeWarmPoolCommand,
  type Instance,
  type InstanceRefresh,
  paginateDescribeAutoScalingGroups,
} from "@aws-sdk/client-auto-scaling";
import { paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { paginateDescribeInstances } from "@aws-sdk/client-ec2";
import type { AwsPlan } from "../../../components/plan/platforms/aws/types.ts";
import type { ClusterPlan, GroupPlan } from "../../../components/plan/types.ts";
import type { AwsAccess } from "./access.ts";
import { asking } from "./errors.ts";
import { lookAtFront, lookAtTargets } from "./look-front.ts";
import type { Observed, ObservedAlarm, ObservedGroup, ObservedMachine, ObservedRefresh } from "./observed.ts";

/**
 * Looks at everything of a cluster, by the names of its plan. Only reads.
 *
 * @throws UserError for what a person can fix: credentials, rights, the network
 */
export function look(access: AwsAccess, plan: ClusterPlan, aws: AwsPlan): Promise<Observed> {
  return asking(access.region, async () => {
    const [found, front, alarms] = await Promise.all([
      groupsOf(access, plan.groups),
      lookAtFront(access, aws.front.name),
      alarmsOf(access, aws),
    ]);
    const groups = await Promise.all(
      found.map(
        async (group) => [group.AutoScalingGroupName ?? "", await observedOf(access, group)] as const,
      ),
    );
    const addresses = await addressesOf(
      access,
      groups.flatMap(([, { machines, waiting }]) => [...machines, ...waiting]),
    );
    const addressed = (machine: ObservedMachine) => ({
      ...machine,
      address: addresses.get(machine.id) ?? null,
    });
    return {
      front,
      alarms,
      groups: new Map(
        groups.map(([name, group]) => [
          name,
          { ...group, machines: group.machines.map(addressed), waiting: group.waiting.map(addressed) },
        ]),
      ),
    };
  });
}

/** The planned groups that exist; AWS leaves out names that it doesn't know. */
export async function groupsOf(
  { autoScaling: client }: AwsAccess,
  groups: readonly Pick<GroupPlan, "name">[],
): Promise<AutoScalingGroup[]> {
  const AutoScalingGroupNames = groups.map(({ name }) => name);
  const found: AutoScalingGroup[] = [];
  for await (const page of paginateDescribeAutoScalingGroups({ client }, { AutoScalingGroupNames }))
    found.push(...(page.AutoScalingGroups ?? []));
  return found;
}

async function observedOf(access: AwsAccess, group: AutoScalingGroup): Promise<ObservedGroup> {
  const name = group.AutoScalingGroupName ?? "";
  const [refresh, waiting, targets] = await Promise.all([
    latestRefresh(access, name),
    group.WarmPoolConfiguration === undefined ? [] : warmPool(access, name),
    lookAtTargets(access, group.TargetGroupARNs ?? []),
  ]);
  const machine = (instance: Instance) => machineOf(instance, targets.get(instance.InstanceId ?? "") ?? null);
  return {
    min: group.MinSize ?? 0,
    desired: group.DesiredCapacity ?? 0,
    max: group.MaxSize ?? 0,
    version: templateOf(group)?.Version ?? null,
    machines: (group.Instances ?? []).map(machine),
    waiting: waiting.map(machine),
    refresh,
    suspended: (group.SuspendedProcesses ?? []).map(({ ProcessName }) => ProcessName ?? "").sort(),
  };
}

function templateOf(group: AutoScalingGroup) {
  return (
    group.LaunchTemplate ??
    group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification ??
    undefined
  );
}

function machineOf(instance: Instance, target: ObservedMachine["target"]): ObservedMachine {
  return {
    id: instance.InstanceId ?? "",
    zone: instance.AvailabilityZone ?? "",
    address: null,
    lifecycle: instance.LifecycleState ?? "",
    healthy: instance.HealthStatus !== "Unhealthy",
    version: instance.LaunchTemplate?.Version ?? null,
    target,
  };
}

/** The newest change of a group; AWS lists the newest first. */
async function latestRefresh({ autoScaling }: AwsAccess, name: string): Promise<ObservedRefresh | null> {
  const { InstanceRefreshes: [latest] = [] } = await autoScaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name, MaxRecords: 1 }),
  );
  return latest === undefined ? null : refreshOf(latest);
}

/** While it is turned back AWS tells how far that is. */
function refreshOf(refresh: InstanceRefresh): ObservedRefresh {
  const { RollbackDetails: back } = refresh;
  return {
    id: refresh.InstanceRefreshId ?? "",
    status: refresh.Status ?? "",
    percent: back?.PercentageCompleteOnRollback ?? refresh.PercentageComplete ?? 0,
    left: back?.InstancesToUpdateOnRollback ?? refresh.InstancesToUpdate ?? 0,
    reason: (back?.RollbackReason ?? refresh.StatusReason ?? "").trim(),
    ended: refresh.EndTime?.toISOString() ?? null,
  };
}

async function warmPool({ autoScaling }: AwsAccess, name: string): Promise<Instance[]> {
  const found: Instance[] = [];
  let NextToken: string | undefined;
  do {
    const page = await autoScaling.send(
      new DescribeWarmPoolCommand({
        AutoScalingGroupName: name,
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    found.push(...(page.Instances ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

/** Private addresses by id. By a filter and not by ids, since one that has just gone would be an error for all. */
async function addressesOf(
  { ec2: client }: AwsAccess,
  machines: readonly ObservedMachine[],
): Promise<Map<string, string>> {
  const ids = machines.map(({ id }) => id);
  const addresses = new Map<string, string>();
  // A filter takes 200 values (EC2 API reference, DescribeInstances).
  for (let from = 0; from < ids.length; from += 200) {
    const Filters = [{ Name: "instance-id", Values: ids.slice(from, from + 200) }];
    for await (const page of paginateDescribeInstances({ client }, { Filters }))
      for (const { Instances = [] } of page.Reservations ?? [])
        for (const { InstanceId, PrivateIpAddress } of Instances)
          if (InstanceId !== undefined && PrivateIpAddress !== undefined)
            addresses.set(InstanceId, PrivateIpAddress);
  }
  return addresses;
}

async function alarmsOf(
  { cloudWatch: client }: AwsAccess,
  { monitoring }: AwsPlan,
): Promise<ObservedAlarm[]> {
  const names = monitoring.alarms.map(({ name }) => name);
  const found: ObservedAlarm[] = [];
  // A call takes 100 names (CloudWatch API reference, DescribeAlarms).
  for (let from = 0; from < names.length; from += 100) {
    const AlarmNames = names.slice(from, from + 100);
    for await (const page of paginateDescribeAlarms({ client }, { AlarmNames }))
      for (const alarm of page.MetricAlarms ?? [])
        found.push({
          name: alarm.AlarmName ?? "",
          state: alarm.StateValue ?? "INSUFFICIENT_DATA",
          since: alarm.StateUpdatedTimestamp?.toISOString() ?? null,
          reason: alarm.StateReason ?? "",
        });
  }
  return found;
}
