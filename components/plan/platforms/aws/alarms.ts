import type { GroupPlan } from "../../groups/types.ts";
import { metrics } from "./names.ts";
import type { AlarmPlan } from "./types.ts";

/*
 * Alarms of a cluster. A minute is the shortest period that the metrics of load balancers and groups have; where one machine of
 * several is being replaced nobody should be woken, so what a group repairs by itself has three of them.
 */

/** An alarm but for what its group tells. */
type Alarm = Omit<AlarmPlan, "name" | "group">;

/**
 * All alarms: the balancers', then pool by pool.
 *
 * @param certificate ARN of the one with which TLS ends at the load balancer; null for none
 */
export function planAlarms(groups: readonly GroupPlan[], certificate: string | null): AlarmPlan[] {
  return groups.flatMap((group) =>
    [...alarmsOf(group), ...(group.role === "balancer" ? certificateAlarms(group, certificate) : [])].map(
      (alarm) => ({
        ...alarm,
        // The group's name ends in its key, which the alarm's begins with.
        name: `${group.name}${alarm.key.slice(group.key.length)}`,
        group: group.key,
      }),
    ),
  );
}

function alarmsOf(group: GroupPlan): Alarm[] {
  switch (group.role) {
    case "balancer":
      return balancerAlarms(group);
    case "active":
      return [...activeAlarms(group), ...answerAlarms(group)];
    case "hot":
      return hotAlarms(group);
    default:
      return group.role satisfies never;
  }
}

const minute = 60;

function unhealthy({ key }: GroupPlan, description: string): Alarm {
  return {
    key: `${key}-unhealthy`,
    description,
    metric: { source: "targets", name: "UnHealthyHostCount" },
    statistic: "Maximum",
    comparison: "above",
    threshold: 0,
    period: minute,
    periods: 3,
    missing: "fine",
    guards: false,
  };
}

/**
 * ACM renews its own certificates 60 days before their end, and publishes the days that are left once a day (ACM user guide, Managed
 * renewal; Supported CloudWatch metrics): with three weeks left it has tried in vain for more than a month. One that was imported nobody renews.
 */
const fewDays = 21;

function certificateAlarms({ key }: GroupPlan, certificate: string | null): Alarm[] {
  if (certificate === null) return [];
  return [
    {
      key: `${key}-certificate`,
      description: `The certificate ends in less than ${fewDays} days: ACM could not renew it, or it was imported and somebody has to.`,
      metric: { source: "certificate", arn: certificate, name: "DaysToExpiry" },
      statistic: "Minimum",
      comparison: "below",
      threshold: fewDays,
      period: 86_400,
      periods: 1,
      missing: "fine",
      guards: false,
    },
  ];
}

function balancerAlarms(group: GroupPlan): Alarm[] {
  return [
    unhealthy(group, "A balancer fails its checks; the others carry its connections."),
    {
      key: `${group.key}-none`,
      description: "No balancer passes its checks: nobody gets an answer.",
      metric: { source: "targets", name: "HealthyHostCount" },
      statistic: "Minimum",
      comparison: "below",
      threshold: 1,
      period: minute,
      periods: 1,
      missing: "alarm",
      guards: true,
    },
  ];
}

/** So many that fail at once have a cause in common, which new machines would meet as well. */
const manyOf = (desired: number) => Math.max(2, Math.ceil(desired / 2));

/** The group replaces whoever fails; where it is half of them, somebody should look before all are new. */
function massAlarm({ key, count }: GroupPlan): Alarm {
  const many = manyOf(count.desired);
  return {
    key: `${key}-mass`,
    description: `${many} or more nodes of ${key} fail their liveness checks at once: the group is replacing them, and what they share may be the reason.`,
    metric: { source: "targets", name: "UnHealthyHostCount" },
    statistic: "Maximum",
    comparison: "above",
    threshold: many - 1,
    period: minute,
    periods: 1,
    missing: "fine",
    guards: true,
  };
}

function activeAlarms(group: GroupPlan): Alarm[] {
  const { key, count } = group;
  return [
    unhealthy(group, `A node of ${key} fails its liveness checks; its group replaces it.`),
    massAlarm(group),
    {
      key: `${key}-capacity`,
      description: `Fewer than the ${count.min} nodes that ${key} needs are in service.`,
      metric: { source: "group", name: "GroupInServiceInstances" },
      statistic: "Minimum",
      comparison: "below",
      threshold: count.min,
      period: minute,
      periods: 3,
      missing: "alarm",
      guards: false,
    },
    ...waitingAlarms(group),
  ];
}

function waitingAlarms({ key, waiting }: GroupPlan): Alarm[] {
  if (waiting === null) return [];
  return [
    {
      key: `${key}-waiting`,
      description: `Fewer than the ${waiting.count} ${waiting.state} standbys of ${key} are in its warm pool.`,
      metric: { source: "group", name: "WarmPoolWarmedCapacity" },
      statistic: "Minimum",
      comparison: "below",
      threshold: waiting.count,
      // A standby that has been used takes minutes to be replaced.
      period: minute,
      periods: 15,
      missing: "alarm",
      guards: false,
    },
  ];
}

function hotAlarms({ key, count }: GroupPlan): Alarm[] {
  return [
    {
      key: `${key}-missing`,
      description: `Fewer than the ${count.desired} hot standbys of ${key} are in service: the next loss may be felt.`,
      metric: { source: "group", name: "GroupInServiceInstances" },
      statistic: "Minimum",
      comparison: "below",
      threshold: count.desired,
      period: minute,
      periods: 3,
      missing: "alarm",
      guards: false,
    },
  ];
}

/** What clients feel of a pool, as the balancers count it. */
function answerAlarms({ pool }: GroupPlan): Alarm[] {
  if (pool === null) return [];
  const metric = (name: string) => ({ source: "balancers", pool, name }) as const;
  return [
    {
      key: `${pool}-errors`,
      description: `More than 1 % of the answers of ${pool} are 5xx.`,
      metric: metric(metrics.errors),
      statistic: "Average",
      comparison: "above",
      threshold: 1,
      period: minute,
      periods: 3,
      missing: "fine",
      guards: true,
    },
    {
      key: `${pool}-latency`,
      description: `One in a hundred requests to ${pool} waits longer than a second.`,
      metric: metric(metrics.latency),
      statistic: "p99",
      comparison: "above",
      threshold: 1,
      period: minute,
      periods: 5,
      missing: "fine",
      guards: false,
    },
  ];
}
