import { type CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { Balancer } from "./balancer.ts";
import type { MetricNames } from "./config.ts";
import { type Counted, countedOf, difference, metricData } from "./figures.ts";
import type { FollowedPool, SeenGroup } from "./members.ts";
import type { Trouble } from "./trouble.ts";

interface Parts {
  readonly names: MetricNames;
  readonly pools: Readonly<Record<string, FollowedPool>>;
  /** The groups as they were last told. */
  readonly groups: () => Readonly<Record<string, SeenGroup>>;
  readonly balancer: Pick<Balancer, "status">;
  readonly client: CloudWatchClient;
  readonly trouble: Trouble;
}

const uncounted = "the balancer doesn't tell its figures";
const unpublished = "the balancer's figures can't be published";

/** Publishes, minute by minute, what the balancer has counted in it. */
export class Publisher {
  readonly #parts: Parts;
  #before: { readonly counted: Counted; readonly at: number } | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Takes the counters and publishes what has come since the last time. Never throws. What can't be published is lost and not sent
   * later: CloudWatch adds up what it gets twice, and a call without an answer may have arrived.
   *
   * @param minute beginning of the minute that ends now
   * @param now monotonic ms
   */
  async minute(minute: Date, now: number): Promise<void> {
    const { trouble } = this.#parts;
    const counted = await this.#count(now);
    if (counted === null) return;
    const before = this.#before;
    this.#before = { counted, at: now };
    if (before === null) return;
    try {
      await this.#publish(difference(before.counted, counted), (now - before.at) / 1000, minute);
      trouble.ends(unpublished, now);
    } catch (error) {
      trouble.begins(unpublished, error, now);
    }
  }

  /** null while nginx isn't there. */
  async #count(now: number): Promise<Counted | null> {
    const { balancer, trouble } = this.#parts;
    try {
      const status = await balancer.status();
      const counted = status === null ? null : countedOf(status);
      trouble.ends(uncounted, now);
      return counted;
    } catch (error) {
      trouble.begins(uncounted, error, now);
      return null;
    }
  }

  async #publish(pools: ReturnType<typeof difference>, seconds: number, minute: Date): Promise<void> {
    const { names, pools: followed, groups, client } = this.#parts;
    const data = metricData(names, followed, { seconds, pools, groups: groups() }, minute);
    if (data.length === 0) return;
    // 1,000 figures go into one call (CloudWatch API, PutMetricData); three a pool are far fewer.
    await client.send(new PutMetricDataCommand({ Namespace: names.namespace, MetricData: data }));
  }
}

const length = 60_000;

/**
 * Runs for ever, at the end of each minute of the clock: so all balancers speak of the same minutes, and CloudWatch, which puts
 * together by minutes, has one share of each.
 */
export async function publish(publisher: Pick<Publisher, "minute">): Promise<never> {
  for (let last = 0; ; ) {
    await new Promise((resolve) => setTimeout(resolve, length - (Date.now() % length)));
    // A timer may be a little early, and a clock may be set back.
    const end = Math.round(Date.now() / length) * length;
    if (end <= last && last - end < length) continue;
    last = end;
    await publisher.minute(new Date(end - length), performance.now());
  }
}
