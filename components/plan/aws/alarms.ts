import type { AlarmPlan, GroupPlan } from "../group-types.ts";

/*
 * Alarms of a cluster. A minute is the shortest period that the metrics of load balancers and groups have; where one machine of
 * several is being replaced nobody should be woken, so what a group repairs by itself has three of them.
 */

/** All alarms: the balancers', then pool by pool. */
export function planAlarms(groups: readonly GroupPlan[]): AlarmPlan[] {
  return groups.flatMap((group) => {
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
  });
}

const minute = 60;

function balancerAlarms(group: GroupPlan): AlarmPlan[] {
  const targets = { source: "targets", group: group.key } as const;
  return [
    {
      key: `${group.key}-unhealthy`,
      description: "A balancer fails its checks; the others carry its connections.",
      metric: { ...targets, name: "UnHealthyHostCount" },
      statistic: "Maximum",
      comparison: "above",
      threshold: 0,
      period: minute,
      periods: 3,
      missing: "fine",
    },
    {
      key: `${group.key}-none`,
      description: "No balancer passes its checks: nobody gets an answer.",
      metric: { ...targets, name: "HealthyHostCount" },
      statistic: "Minimum",
      comparison: "below",
      threshold: 1,
      period: minute,
      periods: 1,
      missing: "alarm",
    },
  ];
}

function activeAlarms(group: GroupPlan): AlarmPlan[] {
  const { key, count } = group;
  return [
    {
      key: `${key}-unhealthy`,
      description: `A node of ${key} fails its checks; its group replaces it.`,
      metric: { source: "targets", group: key, name: "UnHealthyHostCount" },
      statistic: "Maximum",
      comparison: "above",
      threshold: 0,
      period: minute,
      periods: 3,
      missing: "fine",
    },
    {
      key: `${key}-capacity`,
      description: `Fewer than the ${count.min} nodes that ${key} needs are in service.`,
      metric: { source: "group", group: key, name: "GroupInServiceInstances" },
      statistic: "Minimum",
      comparison: "below",
      threshold: count.min,
      period: minute,
      periods: 3,
      missing: "alarm",
    },
    ...waitingAlarms(group),
  ];
}

function waitingAlarms({ key, waiting }: GroupPlan): AlarmPlan[] {
  if (waiting === null) return [];
  return [
    {
      key: `${key}-waiting`,
      description: `Fewer than the ${waiting.count} ${waiting.state} standbys of ${key} are in its warm pool.`,
      metric: { source: "group", group: key, name: "WarmPoolWarmedCapacity" },
      statistic: "Minimum",
      comparison: "below",
      threshold: waiting.count,
      // A standby that has been used takes minutes to be made anew.
      period: minute,
      periods: 15,
      missing: "alarm",
    },
  ];
}

function hotAlarms({ key, count }: GroupPlan): AlarmPlan[] {
  return [
    {
      key: `${key}-missing`,
      description: `Fewer than the ${count.desired} hot standbys of ${key} are in service: the next loss may be felt.`,
      metric: { source: "group", group: key, name: "GroupInServiceInstances" },
      statistic: "Minimum",
      comparison: "below",
      threshold: count.desired,
      period: minute,
      periods: 3,
      missing: "alarm",
    },
  ];
}

/** What clients feel of a pool, as the balancers count it. */
function answerAlarms({ pool }: GroupPlan): AlarmPlan[] {
  if (pool === null) return [];
  const metric = (name: string) => ({ source: "balancers", pool, name }) as const;
  return [
    {
      key: `${pool}-errors`,
      description: `More than 1 % of the answers of ${pool} are 5xx.`,
      metric: metric("ServerErrorPercent"),
      statistic: "Average",
      comparison: "above",
      threshold: 1,
      period: minute,
      periods: 3,
      missing: "fine",
    },
    {
      key: `${pool}-latency`,
      description: `One in a hundred requests to ${pool} waits longer than a second.`,
      metric: metric("RequestSeconds"),
      statistic: "p99",
      comparison: "above",
      threshold: 1,
      period: minute,
      periods: 5,
      missing: "fine",
    },
  ];
}
