import { type AwsAnswer, xmlAnswer, xmlError } from "../answers.ts";
import type { Fields } from "../catalogue/types.ts";
import { check } from "../rules/index.ts";
import { within } from "../rules/types.ts";
import { type Fleet, groupType, type Making, madeOf, makingOf, type Refresh } from "./fleet.ts";
import type { Thing } from "./world.ts";

/*
 * The part of EC2 Auto Scaling's API by which changes roll through groups, over what the engine has made.
 */

const tag = (name: string, value: unknown) => (value === undefined ? "" : `<${name}>${value}</${name}>`);

const template = (making: Making) => {
  const [id, version] = making.split(":");
  return `${tag("LaunchTemplateId", id)}${tag("Version", version)}`;
};

/** The groups that a call of DescribeAutoScalingGroups is about, in XML. */
export function describedGroups(
  things: readonly Thing[],
  body: string,
  xmlOf: (group: Thing) => string = () => "",
): AwsAnswer {
  const names = [...new URLSearchParams(body)].flatMap(([field, value]) =>
    field.startsWith("AutoScalingGroupNames.") ? [value] : [],
  );
  const members = things
    .filter(
      ({ token, inputs }) =>
        token === groupType && (names.length === 0 || names.includes(String(inputs.name))),
    )
    .map(
      (group) =>
        `<member>${tag("AutoScalingGroupName", group.inputs.name)}${launchXml(group, makingOf(group.inputs))}${xmlOf(group)}</member>`,
    );
  return xmlAnswer("DescribeAutoScalingGroups", `<AutoScalingGroups>${members.join("")}</AutoScalingGroups>`);
}

/** What a call about a group's changes is answered; null for another call. */
export function fleetAnswer(fleet: Fleet, body: string): AwsAnswer | null {
  const asked = new URLSearchParams(body);
  const name = asked.get("AutoScalingGroupName") ?? "";
  switch (asked.get("Action")) {
    case "StartInstanceRefresh":
      return started(fleet, name, asked);
    case "CancelInstanceRefresh":
      return fleet.cancel(name)
        ? xmlAnswer("CancelInstanceRefresh", "")
        : xmlError(400, "ActiveInstanceRefreshNotFound", "none is under way");
    case "DescribeInstanceRefreshes":
      return listed(fleet, name, asked);
    default:
      return null;
  }
}

function started(fleet: Fleet, name: string, asked: URLSearchParams): AwsAnswer {
  const at = "DesiredConfiguration.";
  const mixed = `${at}MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.`;
  const of = (field: string) => asked.get(`${at}LaunchTemplate.${field}`) ?? asked.get(`${mixed}${field}`);
  const group = fleet.group(name);
  if (group === undefined) return xmlError(400, "ValidationError", `${name} not found`);
  const desired = `${of("LaunchTemplateId")}:${of("Version")}`;
  const [problem] = check(
    { token: group.token, inputs: beginning(group, desired, asked), before: group.inputs },
    "",
  );
  if (problem !== undefined) return xmlError(400, "ValidationError", `${problem.path}: ${problem.message}`);
  try {
    const { id } = fleet.begin(name, desired);
    return xmlAnswer("StartInstanceRefresh", tag("InstanceRefreshId", id));
  } catch (error) {
    return xmlError(400, "InstanceRefreshInProgress", (error as Error).message);
  }
}

/** The group as it would be, with what was asked of its change, in the words of the provider, for which there are rules. */
function beginning({ inputs }: Thing, desired: Making, asked: URLSearchParams): Fields {
  const at = (field: string) => asked.get(`Preferences.${field}`) ?? undefined;
  const list = (field: string) =>
    [...asked].flatMap(([key, value]) => (key.startsWith(`Preferences.${field}.member.`) ? [value] : []));
  const number = (field: string) => (at(field) === undefined ? undefined : Number(at(field)));
  const preferences = {
    autoRollback: at("AutoRollback") === "true",
    skipMatching: at("SkipMatching") === "true",
    minHealthyPercentage: number("MinHealthyPercentage"),
    maxHealthyPercentage: number("MaxHealthyPercentage"),
    instanceWarmup: at("InstanceWarmup"),
    checkpointPercentages: list("CheckpointPercentages").map(Number),
    checkpointDelay: at("CheckpointDelay"),
    scaleInProtectedInstances: at("ScaleInProtectedInstances"),
    alarmSpecification: { alarms: list("AlarmSpecification.Alarms") },
  };
  return {
    ...inputs,
    ...madeOf(inputs, desired),
    instanceRefresh: { strategy: asked.get("Strategy"), preferences },
  };
}

function listed(fleet: Fleet, name: string, asked: URLSearchParams): AwsAnswer {
  const id = asked.get("InstanceRefreshIds.member.1");
  const found = fleet.refreshes(name).filter((refresh) => id === null || refresh.id === id);
  const most = Number(asked.get("MaxRecords") ?? 50);
  const group = fleet.group(name);
  const members = found.slice(0, most).map((refresh) => refreshXml(refresh, group));
  return xmlAnswer("DescribeInstanceRefreshes", `<InstanceRefreshes>${members.join("")}</InstanceRefreshes>`);
}

function refreshXml({ id, status, desired, reason, looks }: Refresh, group: Thing | undefined): string {
  const wanted = group === undefined ? "" : launchXml(group, desired);
  const back =
    reason === null || !status.startsWith("Rollback")
      ? ""
      : `<RollbackDetails>${tag("RollbackReason", reason)}${tag("PercentageCompleteOnRollback", 100)}${tag("InstancesToUpdateOnRollback", 0)}</RollbackDetails>`;
  const ended = status === "InProgress" ? undefined : new Date().toISOString();
  return `<member>${tag("InstanceRefreshId", id)}${tag("Status", status)}${tag("PercentageComplete", looks === 0 ? 0 : 40)}${tag("EndTime", ended)}<DesiredConfiguration>${wanted}</DesiredConfiguration>${back}</member>`;
}

/** What of a group's answer tells what it launches. */
export function launchXml({ inputs }: Thing, making: Making): string {
  if (inputs.mixedInstancesPolicy === undefined)
    return `<LaunchTemplate>${template(making)}</LaunchTemplate>`;
  const policy = within(inputs, "mixedInstancesPolicy");
  // AWS fills in what nobody asked for (EC2 Auto Scaling API, InstancesDistribution).
  const { onDemandBaseCapacity, onDemandPercentageAboveBaseCapacity = 100 } = within(
    policy,
    "instancesDistribution",
  );
  const overrides = (within(policy, "launchTemplate").overrides ?? []) as readonly { instanceType: string }[];
  const types = overrides.map(({ instanceType }) => `<member>${tag("InstanceType", instanceType)}</member>`);
  return `<MixedInstancesPolicy><LaunchTemplate><LaunchTemplateSpecification>${template(making)}</LaunchTemplateSpecification><Overrides>${types.join("")}</Overrides></LaunchTemplate><InstancesDistribution>${tag("OnDemandBaseCapacity", onDemandBaseCapacity)}${tag("OnDemandPercentageAboveBaseCapacity", onDemandPercentageAboveBaseCapacity)}</InstancesDistribution></MixedInstancesPolicy>`;
}
