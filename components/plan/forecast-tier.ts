import {
  during,
  eachClass,
  type Forecast,
  type ForecastLoad,
  nothing,
  plus,
  type Range,
  span,
  underWay,
} from "./forecast-types.ts";
import type { BalancerPlan, ClusterPlan } from "./types.ts";

/*
 * What faults of the balancers cost; sources in forecast.ts.
 */

const synRetransmit = 1000;
/** keepalived's `vrrp_garp_master_refresh` (render/keepalived/index.ts): who has the address announces it again so often. */
const announceAgain = 1000;
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

/** What is known of a fault by which a balancer gives the address away itself. */
export interface AddressMoved {
  readonly load: ForecastLoad;
  /** How long the address is nobody's. */
  readonly goodbye: Range;
  /** Milliseconds until a client whose first packet nobody answered is served. */
  readonly again: number;
}

/** @param programs what the death of the tier's own program costs */
export function balancerFaults(
  balancers: readonly BalancerPlan[],
  advertise: number,
  load: ForecastLoad,
  programs: (moved: AddressMoved) => Forecast[],
): Forecast[] {
  const { silent, goodbye } = addressGap(balancers, advertise);
  const { service } = load;
  const each = (lost: (rate: number) => Range) => eachClass(load, lost);
  const inFlight = (rate: number) => underWay(rate, service);
  // Connections that clients keep belong to the balancer that took them: the next request on each is refused by the other one.
  const kept = (rate: number) => plus(inFlight(rate), inFlight(rate));
  const again =
    synRetransmit * Math.max(1, 2 ** Math.ceil(Math.log2((silent.high + 1) / synRetransmit + 1)) - 1);
  // nginx goes on, and the address stays on its machine's loopback card: neighbours who know the machine are served until the
  // address is announced elsewhere. Only who asks for it again meanwhile gets no answer.
  const atMost = ({ high }: Range) => span(0, high);
  return [
    {
      id: "balancer-killed",
      title: "the balancer with the address is killed",
      detect: null,
      noService: silent,
      // A dead machine is silent, and first packets are sent again. A dead container's kernel refuses connections until Docker has
      // taken its card away, which may take as long as the move.
      lost: each((rate) => ({ low: 0, high: during(rate, silent).high + inFlight(rate).high })),
      worst: span(service, again + service),
      capacity: null,
    },
    {
      id: "balancer-frozen",
      title: "the balancer with the address is frozen",
      detect: null,
      noService: silent,
      // Its kernel goes on accepting connections and requests until the address has moved.
      lost: each((rate) => plus(during(rate, silent), kept(rate))),
      worst: span(service, again + service),
      capacity: null,
    },
    {
      id: "balancer-stopped",
      title: "the balancer with the address is stopped",
      detect: null,
      noService: atMost(goodbye),
      lost: each(kept),
      worst: span(service, again + service),
      capacity: null,
    },
    ...programs({ load, goodbye, again }),
    {
      id: "keepalived-dead",
      title: "keepalived of the balancer with the address dies",
      detect: null,
      noService: atMost(silent),
      lost: each(kept),
      worst: span(service, again + service),
      capacity: null,
    },
    partition(load, each(kept), again),
  ];
}

/** Both have the address and answer. Each says so again and again, and all neighbours then go to that one with what they keep. */
function partition(load: ForecastLoad, lostAtOne: Forecast["lost"], again: number): Forecast {
  // One when the second takes it, one of each a second while it lasts, one when the first hears that it is not alone.
  const most = 2 + 2 * Math.ceil(load.split / announceAgain);
  const times = ({ high }: Range) => span(0, high * most);
  return {
    id: "partition",
    title: `the balancers lose each other for ${load.split / 1000} s`,
    detect: null,
    noService: nothing,
    lost: {
      get: times(lostAtOne.get),
      post: times(lostAtOne.post),
      idempotent: times(lostAtOne.idempotent),
    },
    worst: span(load.service, again + load.service),
    capacity: null,
  };
}

/** Longest time, in milliseconds, until a backup takes the address: three adverts and the skew of its priority (RFC 9568, 6.1). */
export function takeOver(plan: ClusterPlan): number {
  const { advertise } = plan.tier.failover;
  const [, backup] = plan.balancers;
  const skew = backup === undefined ? 0 : ((256 - backup.priority) / 256) * advertise;
  return Math.round(3 * advertise + skew);
}
