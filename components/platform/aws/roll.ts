import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { mostHealthyPercent } from "../../model/platforms/aws/refresh.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { GroupPlan } from "../../plan/types.ts";
import type { NetworkedPlace } from "../contract.ts";
import type { AskedMachines, AwsAccess, RollPace } from "./access.ts";
import { type Children, dependenciesOf } from "./parts.ts";

/** What has to stand before a change may roll through a group. */
interface Rolling {
  readonly made: aws.autoscaling.Group;
  readonly template: aws.ec2.LaunchTemplate;
  readonly hooks: readonly pulumi.Resource[];
}

/**
 * A change of a group's machines as a resource: a `Stash` holds what the machines were last made of, and a hook *before* its create
 * and update has AWS replace them, so that a change that AWS turns back leaves the state as it was and the next `up` tries again.
 *
 * Not by the group's own update: the provider writes the new template into the group and then starts the replacement, so AWS would
 * turn back to the new one, and whatever the group launches meanwhile would be of it.
 */
export function rollChanges(
  name: string,
  group: GroupPlan,
  place: NetworkedPlace,
  { roll }: AwsAccess,
  { made, template, hooks }: Rolling,
  children: Children,
): void {
  const pace = paceOf(group, place);
  const hook = new pulumi.ResourceHook(`${name}-roll`, async (args) => {
    const { input } = args.newInputs as { input: AskedMachines };
    await roll(input, pace);
  });
  const { spot, machine } = group;
  const input = {
    group: made.name,
    template: template.id,
    version: template.latestVersion.apply(String),
    mixed:
      spot === null
        ? null
        : { onDemand: spot.onDemand, share: spot.share ?? 100, types: [machine.type, ...machine.others] },
  };
  const options = {
    ...place.options,
    dependsOn: [...dependenciesOf(place.options), made, ...hooks],
    hooks: { beforeCreate: [hook], beforeUpdate: [hook] },
  };
  children.add("roll", new pulumi.Stash(`${name}-roll`, { input }, options));
}

function paceOf({ key, refresh }: GroupPlan, { plan }: NetworkedPlace): RollPace {
  const { alarms } = awsPlanOf(plan).monitoring;
  return {
    minHealthyPercent: refresh.healthyPercent,
    maxHealthyPercent: mostHealthyPercent(refresh.healthyPercent),
    warmup: 30,
    checkpoints: refresh.checkpoints,
    pause: Math.ceil(refresh.pause / 1000),
    alarms: alarms.filter(({ group, guards }) => guards && group === key).map(({ name }) => name),
  };
}
