import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { mostHealthyPercent } from "../../model/platforms/aws/refresh.ts";
import { hooks } from "../../plan/platforms/aws/names.ts";
import type { GroupPlan } from "../../plan/types.ts";
import type { NetworkedPlace, ProvisionedGroup } from "../contract.ts";
import type { AwsAccess } from "./access.ts";
import { createAlarms } from "./alarms.ts";
import type { Attachment } from "./attachment.ts";
import { createLaunchTemplate } from "./launch-template.ts";
import { createLogGroup } from "./monitoring.ts";
import { Children, dependenciesOf, needed, networkOf, tags } from "./parts.ts";
import { rollChanges } from "./roll.ts";
import { createTargets } from "./scaling.ts";

/** An Auto Scaling group with its template, alarms and targets to follow. */
export function createGroup(
  name: string,
  group: GroupPlan,
  place: NetworkedPlace,
  args: AwsAccess,
  attachment: Attachment,
  children = new Children(),
): ProvisionedGroup {
  const template = createLaunchTemplate(name, group, place, args, children);
  const alarms = createAlarms(name, group, place, attachment, children);
  const log = createLogGroup(name, group, place, children);
  const placement = createPlacement(name, group, place, children);
  const groupArgs = autoscalingArgs(group, place, template, attachment, placement);
  const made = children.add(
    "group",
    new aws.autoscaling.Group(name, args.transform?.group?.(groupArgs, group) ?? groupArgs, {
      ...place.options,
      // A change that rolls through the group names the alarms that turn it back, so they come first.
      dependsOn: [...dependenciesOf(place.options), ...attachment.listeners, ...alarms, log],
      ignoreChanges: [
        // A change of them would replace the group; they have resources of their own for it.
        "initialLifecycleHooks",
        // What it makes machines of is changed by what rolls through it, which can turn back.
        "launchTemplate",
        "mixedInstancesPolicy",
        // Where targets move the number, it is theirs.
        ...(group.targets.length > 0 ? ["desiredCapacity"] : []),
        // Where the clock moves the least number, it is the clock's.
        ...(group.schedule === undefined ? [] : ["minSize"]),
      ],
    }),
  );
  const hooks = createHooks(name, group, place, made, children);
  createTargets(name, group, place, made, children);
  rollChanges(name, group, place, args, { made, template, hooks }, children);
  return { id: made.id, ready: [made], resources: children.resources };
}

const seconds = (milliseconds: number) => Math.ceil(milliseconds / 1000);
/** EC2 Auto Scaling takes 30 s to 2 h for a lifecycle hook. */
const hookSeconds = (milliseconds: number) => Math.min(7200, Math.max(30, seconds(milliseconds)));

function autoscalingArgs(
  group: GroupPlan,
  place: NetworkedPlace,
  template: aws.ec2.LaunchTemplate,
  attachment: Attachment,
  placement: aws.ec2.PlacementGroup | null,
): aws.autoscaling.GroupArgs {
  const { count, refresh } = group;
  const { privateSubnets } = networkOf(place.network);
  return {
    name: group.name,
    minSize: count.min,
    maxSize: count.max,
    desiredCapacity: count.desired,
    ...(group.distribution === undefined
      ? {}
      : { availabilityZoneDistribution: { capacityDistributionStrategy: "balanced-only" } }),
    vpcZoneIdentifiers: group.zones.map((zone) => needed(privateSubnets, zone)),
    targetGroupArns: attachment.targets.map(({ arn }) => arn),
    healthCheckType: "ELB",
    // A machine counts from the moment that it says it is ready, so its checks need no patience beyond theirs.
    healthCheckGracePeriod: 30,
    defaultInstanceWarmup: 30,
    // Also for machines that fail their checks: none goes before another one serves, so a check that is wrong ends nobody's service.
    instanceMaintenancePolicy: {
      minHealthyPercentage: 100,
      maxHealthyPercentage: mostHealthyPercent(100),
    },
    ...templateOf(group, template),
    ...(group.waiting === null ? {} : { warmPool: warmPool(group, group.waiting) }),
    ...(placement === null ? {} : { placementGroup: placement.name }),
    // With the group, so that its first machines wait for them as well.
    initialLifecycleHooks: lifecycleHooks(group),
    // What a person wants to see, and what the alarms look at; costs nothing.
    enabledMetrics: [
      "GroupDesiredCapacity",
      "GroupInServiceInstances",
      "GroupPendingInstances",
      "GroupTerminatingInstances",
      "GroupTotalInstances",
      "WarmPoolDesiredCapacity",
      "WarmPoolWarmedCapacity",
    ],
    metricsGranularity: "1Minute",
    // AWS tries again after a launch that failed, so one failure isn't the end: the deadline is.
    ignoreFailedScalingActivities: true,
    waitForCapacityTimeout: `${hookSeconds(refresh.patience) + 300}s`,
    // The oldest template first, so that a group that has shrunk in the middle of a change is nearer to its end.
    terminationPolicies: ["OldestLaunchTemplate", "OldestInstance"],
    tags: Object.entries(tags(place, group.name)).map(([key, value]) => ({
      key,
      value,
      // The template tags machines, disks and cards alike.
      propagateAtLaunch: false,
    })),
  };
}

/** For a call that has to be repeated, in milliseconds. */
const leaveMargin = 60_000;

/**
 * A group waits for its target groups before it waits for the hook (EC2 Auto Scaling user guide, How lifecycle hooks work). When the
 * machine hears of it isn't said there, so it has its whole time from then on.
 */
function lifecycleHooks({ refresh, service }: GroupPlan) {
  const stop = service.kind === "node" ? service.stopGrace : 0;
  return [
    {
      name: hooks.ready,
      lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      // A machine that doesn't get ready in time is no machine.
      defaultResult: "ABANDON",
      heartbeatTimeout: hookSeconds(refresh.patience),
    },
    {
      name: hooks.drain,
      lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
      // One that can't tell that it has finished must not stay for ever.
      defaultResult: "CONTINUE",
      heartbeatTimeout: hookSeconds(refresh.leave + refresh.drain + stop + leaveMargin),
    },
  ];
}

/**
 * The hooks again, for changes: PutLifecycleHook changes the one of that name (EC2 Auto Scaling API), while a group's own list of
 * them can only be changed with the group.
 */
function createHooks(
  name: string,
  group: GroupPlan,
  place: NetworkedPlace,
  made: aws.autoscaling.Group,
  children: Children,
): pulumi.Resource[] {
  return lifecycleHooks(group).map((hook) =>
    children.add(
      `hook-${hook.name}`,
      new aws.autoscaling.LifecycleHook(
        `${name}-hook-${hook.name}`,
        { ...hook, autoscalingGroupName: made.name },
        place.options,
      ),
    ),
  );
}

/** What its first machines are made of. By a fixed version, never `$Latest`: only so is a change seen, rolled through the group and turned back. */
function templateOf(
  { spot, machine }: GroupPlan,
  template: aws.ec2.LaunchTemplate,
): Pick<aws.autoscaling.GroupArgs, "launchTemplate" | "mixedInstancesPolicy" | "capacityRebalance"> {
  const version = template.latestVersion.apply(String);
  if (spot === null) return { launchTemplate: { id: template.id, version } };
  return {
    mixedInstancesPolicy: {
      instancesDistribution: {
        onDemandBaseCapacity: spot.onDemand,
        onDemandPercentageAboveBaseCapacity: 100 - (spot.share ?? 100),
        spotAllocationStrategy: "price-capacity-optimized",
      },
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: template.id, version },
        overrides: [machine.type, ...machine.others].map((type) => ({ instanceType: type })),
      },
    },
    // A successor is made when AWS warns that a Spot machine may go.
    capacityRebalance: true,
  };
}

const poolStates = { stopped: "Stopped", hibernated: "Hibernated", running: "Running" } as const;

/**
 * Exactly so many wait, whatever the group's number: the pool fills up to the larger of its least size and what is missing to
 * the prepared capacity, and this one never misses more (EC2 Auto Scaling API reference, PutWarmPool). A machine that was taken
 * is replaced, and none comes back when the group shrinks: what has served is not as it was.
 */
function warmPool(
  { count }: GroupPlan,
  waiting: NonNullable<GroupPlan["waiting"]>,
): aws.types.input.autoscaling.GroupWarmPool {
  return {
    poolState: poolStates[waiting.state],
    minSize: waiting.count,
    maxGroupPreparedCapacity: count.min + waiting.count,
    instanceReusePolicy: { reuseOnScaleIn: false },
  };
}

function createPlacement(
  name: string,
  { placement, name: groupName }: GroupPlan,
  place: NetworkedPlace,
  children: Children,
): aws.ec2.PlacementGroup | null {
  if (placement === "none") return null;
  const args = {
    // The strategy can't be changed, so another one is another group.
    name: `${groupName}-${placement}`,
    strategy: placement,
    ...(placement === "spread" ? { spreadLevel: "rack" } : {}),
    ...(placement === "partition" ? { partitionCount: 7 } : {}),
    tags: tags(place, `${groupName}-${placement}`),
  };
  return children.add(
    "placement",
    new aws.ec2.PlacementGroup(`${name}-placement-${placement}`, args, place.options),
  );
}
