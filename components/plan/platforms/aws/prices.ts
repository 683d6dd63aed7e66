import table from "./prices.json" with { type: "json" };

/*
 * List prices in USD for Linux on demand, without discounts, taxes and free tiers, from a table with its source and date in prices.json.
 * For an estimate of the order of size and nothing else: what a bill says is AWS's to say. A region or family that isn't there has no
 * price, and the plan says so. `node scripts/platforms/aws/refresh-prices.ts` makes the table of AWS's public offer files.
 */

/** The month that the prices are of. */
export const pricesDate = table.date;

/** Hours that AWS counts for a month. */
export const hoursPerMonth = 730;

export interface RegionPrices {
  /** An hour of a family's `large` size; other sizes cost in proportion to their vCPUs. */
  readonly large: Readonly<Record<string, number>>;
  /** A GB of gp3 disk a month. */
  readonly disk: number;
  /** An hour of a NAT gateway, and a GB through it. */
  readonly natHour: number;
  readonly natGb: number;
  /** An hour of a Network Load Balancer, and of one capacity unit (NLCU). */
  readonly balancerHour: number;
  readonly balancerUnit: number;
  /** An hour of an interface endpoint in one zone. */
  readonly endpointHour: number;
  /** A GB of logs that come in, and of logs that are kept for a month. */
  readonly logGb: number;
  readonly logGbMonth: number;
  /** A GB to the internet, of the first 10 TB. */
  readonly outGb: number;
  /** A GB from zone to zone, which is paid at either end. */
  readonly zoneGb: number;
}

/** What costs the same everywhere: a public IPv4 address an hour; an alarm, a metric of one's own (up to 10,000) and a dashboard a month. */
export const { publicAddressHour, alarmMonth, metricMonth, dashboardMonth } = table.everywhere;
/** 100,000 events of a second trail; the first one of a region is free (CloudTrail pricing). */
export const trailEvents = table.everywhere.trailEvents;
/** Metrics of a machine that detailed monitoring counts as one's own (CloudWatch user guide, EC2 detailed monitoring): 7. */
export const detailedMetrics = 7;

export const prices: Readonly<Record<string, RegionPrices>> = table.regions;
