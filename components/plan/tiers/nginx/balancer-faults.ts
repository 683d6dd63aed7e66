import { addressGap, sentAgain } from "../../forecast-tier.ts";
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
} from "../../forecast-types.ts";
import type { ClusterPlan } from "../../types.ts";

/*
 * What faults of the balancers cost where they read requests; sources in plan/forecast.ts.
 */

/** keepalived's `vrrp_garp_master_refresh` (render/keepalived/index.ts): who has the address announces it again so often. */
const announceAgain = 1000;

/** What the loss of a balancer costs, or of a program of its own, where another takes the address. */
export function balancersLost({ balancers, tier }: ClusterPlan, load: ForecastLoad): Forecast[] {
  const { silent, goodbye } = addressGap(balancers, tier.failover.advertise);
  const { service } = load;
  const each = (lost: (rate: number) => Range) => eachClass(load, lost);
  const inFlight = (rate: number) => underWay(rate, service);
  // Connections that clients keep belong to the balancer that took them: the next request on each is refused by the other one.
  const kept = (rate: number) => plus(inFlight(rate), inFlight(rate));
  const again = sentAgain(silent);
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
    {
      id: "nginx-dead",
      title: "nginx of the balancer with the address dies",
      detect: null,
      noService: goodbye,
      // Nobody listens, and the kernel says so: every request is refused at once.
      lost: each((rate) => plus(during(rate, goodbye), inFlight(rate))),
      worst: span(service, again + service),
      capacity: null,
    },
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
