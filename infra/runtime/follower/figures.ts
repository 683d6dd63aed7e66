import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { own } from "../warden/own.ts";
import type { MetricNames } from "./config.ts";
import type { FollowedPool, SeenGroup } from "./members.ts";

/*
 * From what nginx counts to what CloudWatch takes: pure. Every balancer publishes its own share, so each figure is made such that
 * CloudWatch can put the shares together by itself.
 */

/** What clients got of a pool; counters that only grow, until nginx starts again. */
export interface PoolAnswers {
  readonly count: number;
  /** 5xx among them, whoever gave them. */
  readonly errors: number;
  /** Count by the longest time of a bucket, seconds. */
  readonly latency: Readonly<Record<string, number>>;
  /** Requests that were asked of another node. */
  readonly retries: number;
  /** Failures that were passed on because there had been too many of these. */
  readonly refused: number;
}

/** The counters at a moment. */
export interface Counted {
  /** How often nginx has loaded its configuration since its start, and when it did last, in seconds. */
  readonly generation: number;
  readonly loadedAt: number;
  readonly pools: Readonly<Record<string, PoolAnswers>>;
}

/** A pool as nginx tells it. */
interface ToldPool {
  readonly answers?: Omit<PoolAnswers, "retries" | "refused">;
  readonly retries?: { readonly made: number; readonly refused: number };
}

/** @throws Error for a status that isn't as this follower knows it */
export function countedOf(status: Readonly<Record<string, unknown>>): Counted {
  const { generation, loadedAt, pools } = status;
  if (typeof generation !== "number" || typeof loadedAt !== "number" || typeof pools !== "object")
    throw new Error("the status has no generation, loadedAt or pools");
  const entries = Object.entries((pools ?? {}) as Record<string, ToldPool>);
  return {
    generation,
    loadedAt,
    pools: Object.fromEntries(
      entries.map(([name, { answers, retries }]) => {
        if (typeof answers?.count !== "number" || typeof answers.errors !== "number")
          throw new Error(`the status tells no answers of pool ${name}`);
        if (typeof retries?.made !== "number" || typeof retries.refused !== "number")
          throw new Error(`the status tells no retries of pool ${name}`);
        return [name, { ...answers, retries: retries.made, refused: retries.refused }];
      }),
    ),
  };
}

/** What was counted between two moments. After a start of nginx, in between, that is all that is counted now. */
export function difference(before: Counted, after: Counted): Readonly<Record<string, PoolAnswers>> {
  const restarted =
    after.generation < before.generation ||
    (after.generation === before.generation && after.loadedAt !== before.loadedAt);
  return Object.fromEntries(
    Object.entries(after.pools).map(([name, now]) => {
      const old = restarted ? undefined : own(before.pools, name);
      return [name, old === undefined || now.count < old.count ? now : less(now, old)];
    }),
  );
}

function less(now: PoolAnswers, old: PoolAnswers): PoolAnswers {
  const latency = Object.entries(now.latency)
    .map(([upTo, count]): [string, number] => [upTo, count - (old.latency[upTo] ?? 0)])
    .filter(([, count]) => count > 0);
  return {
    count: now.count - old.count,
    errors: now.errors - old.errors,
    latency: Object.fromEntries(latency),
    retries: now.retries - old.retries,
    refused: now.refused - old.refused,
  };
}

/** A span of time in which a balancer has counted, and the groups as they were at its end. */
export interface Share {
  /** Seconds. */
  readonly seconds: number;
  readonly pools: Readonly<Record<string, PoolAnswers>>;
  readonly groups: Readonly<Record<string, SeenGroup>>;
}

/**
 * What to publish of a share.
 *
 * - Requests per node: this balancer's requests a second, divided by the nodes in service. The **sum** over the balancers is the
 *   figure that a target is about; an average would be that of one balancer, and change with their number.
 * - Errors: as many zeros and hundreds as there were answers, so the **average** weighs every answer the same, whichever balancer
 *   gave it. Nothing where there was no answer.
 * - Latency: the buckets as values with their counts, so CloudWatch makes **percentiles** over all answers of all balancers. A value
 *   is the longest of its bucket, at most a tenth too high, and 1 s is a border.
 * - Retries, and failures passed on for want of more: how many there were; the **sum** is the tier's. Nothing where there were none.
 */
export function metricData(
  names: MetricNames,
  followed: Readonly<Record<string, FollowedPool>>,
  share: Share,
  timestamp: Date,
): MetricDatum[] {
  return Object.entries(followed).flatMap(([pool, { active }]) => {
    const answers = own(share.pools, pool);
    if (answers === undefined) return [];
    const dimensions = [
      { Name: "Cluster", Value: names.cluster },
      { Name: "Pool", Value: pool },
    ];
    return [
      ...requestsPerNode(names, active, answers, share, timestamp),
      ...weighted(names.errors, dimensions, "Percent", timestamp, [
        [0, answers.count - answers.errors],
        [100, answers.errors],
      ]),
      ...weighted(
        names.latency,
        dimensions,
        "Seconds",
        timestamp,
        Object.entries(answers.latency).map(([upTo, count]) => [Number(upTo), count]),
      ),
      ...number(names.retries, dimensions, timestamp, answers.retries),
      ...number(names.refused, dimensions, timestamp, answers.refused),
    ];
  });
}

function requestsPerNode(
  { requests }: MetricNames,
  group: string,
  { count }: PoolAnswers,
  { seconds, groups }: Share,
  timestamp: Date,
): MetricDatum[] {
  const seen = own(groups, group);
  if (seen === undefined) return [];
  const nodes = seen.instances.filter(({ state }) => state === "InService").length;
  return [
    {
      MetricName: requests,
      Dimensions: [{ Name: "Group", Value: group }],
      Timestamp: timestamp,
      // With nobody in service the group is already making somebody.
      Value: count / seconds / Math.max(1, nodes),
      Unit: "Count/Second",
    },
  ];
}

/** None where there were none. */
function number(
  name: string,
  dimensions: MetricDatum["Dimensions"],
  timestamp: Date,
  value: number,
): MetricDatum[] {
  if (value <= 0) return [];
  return [{ MetricName: name, Dimensions: dimensions, Timestamp: timestamp, Value: value, Unit: "Count" }];
}

/** One figure of values that were seen so and so often; none where nothing was seen. */
function weighted(
  name: string,
  dimensions: MetricDatum["Dimensions"],
  unit: "Percent" | "Seconds",
  timestamp: Date,
  counted: readonly (readonly [value: number, count: number])[],
): MetricDatum[] {
  // CloudWatch takes no count of zero.
  const seen = counted.filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  if (seen.length === 0) return [];
  return [
    {
      MetricName: name,
      Dimensions: dimensions,
      Timestamp: timestamp,
      Values: seen.map(([value]) => value),
      Counts: seen.map(([, count]) => count),
      Unit: unit,
    },
  ];
}
