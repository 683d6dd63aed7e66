import { plus, type Range } from "./forecast-types.ts";
import type { BalancerPlan, ClusterPlan } from "./types.ts";

/*
 * How long the virtual address is nobody's, and what that makes clients wait; sources in forecast.ts.
 */

const synRetransmit = 1000;
/** From a process's end to the peer's timer: waking the supervisor, writing a file, inotify, one packet. Measured, 5–30 ms. */
const reaction: Range = { low: 0, high: 30 };

/** How long the address is nobody's, when its holder falls silent and when it says goodbye. */
export function addressGap(
  balancers: readonly BalancerPlan[],
  advertise: number,
): { readonly silent: Range; readonly goodbye: Range } {
  // Whichever holds it, one of the others takes over; its own skew counts.
  const skews = balancers.map(({ priority }) => ((256 - priority) / 256) * advertise);
  const skew = { low: Math.min(...skews), high: Math.max(...skews) };
  return {
    silent: { low: 2 * advertise + skew.low, high: 3 * advertise + skew.high },
    goodbye: plus(skew, reaction),
  };
}

/** Longest time, in milliseconds, until a backup takes the address: three adverts and the skew of its priority (RFC 9568, 6.1). */
export function takeOver(plan: ClusterPlan): number {
  const { advertise } = plan.tier.failover;
  const [, backup] = plan.balancers;
  const skew = backup === undefined ? 0 : ((256 - backup.priority) / 256) * advertise;
  return Math.round(3 * advertise + skew);
}

/** Milliseconds until a client whose first packet nobody answered for so long is served: the kernel sends it again after 1 s, 3 s, 7 s. */
export function sentAgain({ high }: Range): number {
  return synRetransmit * Math.max(1, 2 ** Math.ceil(Math.log2((high + 1) / synRetransmit + 1)) - 1);
}
