import { valuesAt } from "../catalogue/paths.ts";
import { type Fields, isUnknown } from "../catalogue/types.ts";
import { ofType, on, type Problem, type Rule, type RuleBeside, refuse, within } from "./types.ts";

const groupType = "autoscaling/group:Group";

type Sizes = Readonly<Partial<Record<"minSize" | "maxSize" | "desiredCapacity", number>>> & Fields;

/**
 * Least ≤ wanted ≤ most. A wanted number that doesn't change isn't sent, and AWS then brings it between the others by itself (EC2
 * Auto Scaling API, UpdateAutoScalingGroup).
 */
const sizesInOrder: Rule = ({ token, inputs, before }) => {
  if (token !== `aws:${groupType}`) return [];
  const { minSize, desiredCapacity = minSize, maxSize } = inputs as Sizes;
  const sent = before === undefined || before.desiredCapacity !== desiredCapacity;
  const sizes = sent ? [minSize, desiredCapacity, maxSize] : [minSize, maxSize];
  const ordered = sizes.every((size, index) => index === 0 || Number(sizes[index - 1]) <= Number(size));
  return refuse(!ordered, "desiredCapacity", `${sizes.join(" ≤ ")} doesn't hold`);
};

/** No warm pool with several types or Spot (EC2 Auto Scaling user guide, Warm pools, limitations). */
function checkWarmPool({ warmPool, mixedInstancesPolicy, launchTemplate }: Fields): Problem[] {
  const { minSize = 0, maxGroupPreparedCapacity: prepared = -1 } = (warmPool ?? {}) as Record<string, number>;
  return [
    ...refuse(
      warmPool !== undefined && mixedInstancesPolicy !== undefined,
      "warmPool",
      "a group of several instance types or with Spot machines has no warm pool",
    ),
    ...refuse(
      prepared < -1 || minSize < 0 || (prepared !== -1 && prepared < minSize),
      "warmPool",
      `${minSize} at least of ${prepared} prepared (EC2 Auto Scaling API, PutWarmPool)`,
    ),
    ...refuse(
      (launchTemplate === undefined) === (mixedInstancesPolicy === undefined),
      "launchTemplate",
      "a group has a launch template or a mixed instances policy (EC2 Auto Scaling API, CreateAutoScalingGroup)",
    ),
  ];
}

/** EC2 Auto Scaling API, RefreshPreferences, and its user guide, Roll back an instance refresh. */
function checkRefresh(inputs: Fields): Problem[] {
  const preferences = within(within(inputs, "instanceRefresh"), "preferences");
  const { checkpointPercentages = [], checkpointDelay, autoRollback, alarmSpecification } = preferences;
  const points = checkpointPercentages as readonly number[];
  const { minHealthyPercentage: least, maxHealthyPercentage: most } = preferences as Record<string, number>;
  const alarms = ((alarmSpecification as Fields | undefined)?.alarms ?? []) as readonly unknown[];
  const path = "instanceRefresh.preferences";
  return [
    ...refuse(
      points.some((point, index) => index > 0 && point <= (points[index - 1] ?? 0)),
      `${path}.checkpointPercentages`,
      `[${points.join(", ")}] doesn't rise`,
    ),
    ...refuse(
      checkpointDelay !== undefined && points.length === 0,
      `${path}.checkpointDelay`,
      "nothing to wait at without checkpoints",
    ),
    ...refuse(
      most !== undefined && (least === undefined || most - least > 100),
      `${path}.maxHealthyPercentage`,
      `${most} is more than 100 above ${least}`,
    ),
    ...refuse(
      alarms.length > 10,
      `${path}.alarmSpecification.alarms`,
      `${alarms.length} alarms, and a refresh looks at 10`,
    ),
    ...(autoRollback === true ? checkFixedVersion(inputs) : []),
  ];
}

/** AWS turns back to a version only, and neither `$Latest` nor `$Default` is one. */
function checkFixedVersion(inputs: Fields): Problem[] {
  const versions = [
    ...valuesAt(inputs, "launchTemplate.version"),
    ...valuesAt(inputs, "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.version"),
  ];
  return refuse(
    versions.length === 0 || versions.some((version) => String(version).startsWith("$")),
    "launchTemplate.version",
    `"${versions.join()}" is no fixed version, and a roll-back needs one (EC2 Auto Scaling user guide)`,
  );
}

/** EC2 Auto Scaling API, InstanceMaintenancePolicy. */
function checkMaintenance(inputs: Fields): Problem[] {
  if (inputs.instanceMaintenancePolicy === undefined) return [];
  const policy = within(inputs, "instanceMaintenancePolicy");
  const [least, most] = [Number(policy.minHealthyPercentage), Number(policy.maxHealthyPercentage)];
  return refuse(
    !(least >= 0 && least <= 100 && most >= 100 && most <= 200 && most - least <= 100),
    "instanceMaintenancePolicy",
    `${least} to ${most}: from 0–100 to 100–200, at most 100 apart`,
  );
}

/** EC2 Auto Scaling API, MixedInstancesPolicy: 1 to 40 types, each once. */
function checkTypes(inputs: Fields): Problem[] {
  const types = valuesAt(inputs, "mixedInstancesPolicy.launchTemplate.overrides.*.instanceType");
  return refuse(
    types.length > 40 || new Set(types).size < types.length,
    "mixedInstancesPolicy.launchTemplate.overrides",
    `[${types.join(", ")}] are not up to 40 different types`,
  );
}

function checkPolicy(inputs: Fields): Problem[] {
  return inputs.policyType === "PredictiveScaling" ? checkForecast(inputs) : checkTracking(inputs);
}

/** EC2 Auto Scaling API, PredictiveScalingConfiguration. */
function checkForecast(inputs: Fields): Problem[] {
  const configuration = within(inputs, "predictiveScalingConfiguration");
  const { mode, schedulingBufferTime: buffer } = configuration;
  const path = "predictiveScalingConfiguration";
  return [
    ...refuse(
      !["ForecastOnly", "ForecastAndScale"].includes(String(mode)),
      `${path}.mode`,
      `"${mode}" is none`,
    ),
    ...refuse(
      !(Number(buffer) >= 0 && Number(buffer) <= 3600),
      `${path}.schedulingBufferTime`,
      `${buffer} s, and an hour is the most`,
    ),
    ...refuse(
      !Number.isFinite(within(configuration, "metricSpecification").targetValue),
      `${path}.metricSpecification.targetValue`,
      "is no number",
    ),
  ];
}

/** EC2 Auto Scaling API, PutScheduledUpdateGroupAction; -1 is the provider's word for "as it is". */
function checkSchedule({ recurrence, minSize, maxSize, desiredCapacity }: Fields): Problem[] {
  return [
    ...refuse(
      String(recurrence).split(" ").length !== 5,
      "recurrence",
      `"${recurrence}" has not the five fields of cron`,
    ),
    ...refuse(
      [minSize, maxSize, desiredCapacity].every((size) => Number(size) < 0),
      "minSize",
      "at least one number is to change",
    ),
  ];
}

/** EC2 Auto Scaling API, TargetTrackingConfiguration. */
function checkTracking(inputs: Fields): Problem[] {
  const {
    predefinedMetricSpecification: known,
    customizedMetricSpecification: own,
    targetValue,
  } = within(inputs, "targetTrackingConfiguration");
  const dimensions = ((own as Fields | undefined)?.metricDimensions ?? []) as readonly unknown[];
  return [
    ...refuse(
      inputs.policyType !== "TargetTrackingScaling",
      "policyType",
      `nothing is known of "${inputs.policyType}" here`,
    ),
    ...refuse(
      (known === undefined) === (own === undefined),
      "targetTrackingConfiguration",
      "follows exactly one metric",
    ),
    ...refuse(
      !Number.isFinite(targetValue),
      "targetTrackingConfiguration.targetValue",
      `"${targetValue}" is no number`,
    ),
    ...refuse(
      dimensions.length > 30,
      "targetTrackingConfiguration.customizedMetricSpecification.metricDimensions",
      `${dimensions.length} dimensions, and a metric has at most 30`,
    ),
  ];
}

export const groupRules: readonly Rule[] = [
  sizesInOrder,
  on([groupType], (inputs) => [
    ...checkWarmPool(inputs),
    ...checkRefresh(inputs),
    ...checkTypes(inputs),
    ...checkMaintenance(inputs),
    ...refuse(
      (inputs.vpcZoneIdentifiers as readonly unknown[] | undefined)?.length === 0,
      "vpcZoneIdentifiers",
      "a group needs a subnet (EC2 Auto Scaling API, CreateAutoScalingGroup)",
    ),
  ]),
  on(["autoscaling/policy:Policy"], checkPolicy),
  on(["autoscaling/schedule:Schedule"], checkSchedule),
];

/** Machines that hibernate have to be started so that they can (EC2 user guide, Enable hibernation). */
export const hibernationPrepared: RuleBeside = ({ token, inputs }, others) => {
  if (token !== `aws:${groupType}` || within(inputs, "warmPool").poolState !== "Hibernated") return [];
  const { id } = within(inputs, "launchTemplate");
  return ofType(others, "ec2/launchTemplate:LaunchTemplate")
    .filter(({ outputs }) => outputs.id === id)
    .flatMap(({ inputs: template }) => {
      const disks = valuesAt(template, "blockDeviceMappings.*.ebs.encrypted");
      const able = within(template, "hibernationOptions").configured === true;
      return refuse(
        !able || !disks.every((encrypted) => encrypted === "true"),
        "warmPool.poolState",
        "its template isn't set up for hibernation with an encrypted disk (EC2 user guide, Prerequisites for hibernation)",
      );
    });
};

/** A rack of its own for each of at most 7 machines a zone (EC2 user guide, Placement groups). */
export const spreadHasRoom: RuleBeside = ({ token, inputs }, others) => {
  if (token !== `aws:${groupType}` || isUnknown(inputs.placementGroup)) return [];
  const spread = ofType(others, "ec2/placementGroup:PlacementGroup").some(
    ({ inputs: group }) => group.name === inputs.placementGroup && group.strategy === "spread",
  );
  const zones = ((inputs.vpcZoneIdentifiers ?? []) as readonly unknown[]).length;
  return refuse(
    spread && Number(inputs.maxSize) > 7 * zones,
    "placementGroup",
    `up to ${inputs.maxSize} machines, and a spread group has room for 7 in each of ${zones} zones`,
  );
};
