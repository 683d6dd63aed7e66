/*
 * List prices in USD for Linux on demand, without discounts, taxes and free tiers. For an estimate of the order of size and nothing
 * else: what a bill says is AWS's to say. A region or family that isn't here has no price, and the plan says so.
 *
 * Written down by hand; AWS's own price list wasn't at hand. Found the same in tables that other projects publish (some of them
 * made from that list): of us-east-1 all but t3a, m6a and the r families; of eu-central-1 t3, t4g, m5, m6g, the disk, the NAT
 * gateway and the load balancer; of eu-west-1 t3, m5, m6g, c5 and the load balancer; addresses and alarms. Not found, or found a few
 * per cent apart: the rest, so m7g, c5, c6g and c7g in eu-central-1 and the c and r families in eu-west-1.
 */

/** The month that the prices are of. */
export const pricesDate = "2025-06";

/** Hours that AWS counts for a month. */
export const hoursPerMonth = 730;

export interface RegionPrices {
  /** An hour of a family's `large` size; other sizes cost in proportion to their vCPUs. */
  readonly large: Readonly<Record<string, number>>;
  /** A GB of gp3 disk a month. */
  readonly disk: number;
  /** An hour of a NAT gateway; its traffic comes on top. */
  readonly natHour: number;
  /** An hour of a Network Load Balancer; its capacity units come on top. */
  readonly balancerHour: number;
  /** An hour of an interface endpoint in one zone. */
  readonly endpointHour: number;
}

/** A public IPv4 address, an hour, everywhere. */
export const publicAddressHour = 0.005;
/** An alarm and a dashboard, a month, everywhere. */
export const alarmMonth = 0.1;
/** A metric of one's own a month, everywhere, up to 10,000 of them. */
export const metricMonth = 0.3;
/** Metrics of a machine that detailed monitoring counts as one's own (CloudWatch user guide, EC2 detailed monitoring): 7. */
export const detailedMetrics = 7;
export const dashboardMonth = 3;

export const prices: Readonly<Record<string, RegionPrices>> = {
  "us-east-1": {
    large: {
      t3: 0.0832,
      t3a: 0.0752,
      t4g: 0.0672,
      m5: 0.096,
      m6i: 0.096,
      m6a: 0.0864,
      m6g: 0.077,
      m7g: 0.0816,
      m7i: 0.1008,
      c5: 0.085,
      c6i: 0.085,
      c6g: 0.068,
      c7g: 0.0725,
      c7i: 0.08925,
      r5: 0.126,
      r6i: 0.126,
      r6g: 0.1008,
      r7g: 0.1071,
    },
    disk: 0.08,
    natHour: 0.045,
    balancerHour: 0.0225,
    endpointHour: 0.01,
  },
  "eu-central-1": {
    large: {
      t3: 0.096,
      t3a: 0.0864,
      t4g: 0.0768,
      m5: 0.115,
      m6i: 0.115,
      m6g: 0.092,
      m7g: 0.0978,
      c5: 0.097,
      c6i: 0.097,
      c6g: 0.0776,
      c7g: 0.0825,
      r5: 0.152,
      r6i: 0.152,
      r6g: 0.1216,
    },
    disk: 0.0952,
    natHour: 0.052,
    balancerHour: 0.027,
    endpointHour: 0.012,
  },
  "eu-west-1": {
    large: {
      t3: 0.0912,
      t3a: 0.0816,
      t4g: 0.0736,
      m5: 0.107,
      m6i: 0.107,
      m6g: 0.086,
      m7g: 0.091,
      c5: 0.096,
      c6i: 0.0912,
      c6g: 0.073,
      c7g: 0.0776,
      r5: 0.141,
      r6i: 0.141,
      r6g: 0.1128,
    },
    disk: 0.088,
    natHour: 0.048,
    balancerHour: 0.0252,
    endpointHour: 0.011,
  },
};
