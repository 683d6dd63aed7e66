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
import type { ServicePlan } from "./types.ts";

/*
 * What faults of directors cost. Packets that nobody forwards meanwhile are sent again by the kernels of those who sent them; what
 * counts is whether the other director finds the same node for them. Sources in plan/forecast.ts.
 */

/** Milliseconds of a connection's life in which the other directors haven't been told of it. */
const untold = 2000;

/** Schedulers that find the node of a connection from its packets alone, so that any director sends it where it was. */
const stateless: ReadonlySet<ServicePlan["scheduler"]> = new Set<ServicePlan["scheduler"]>(["mh", "sh"]);

/** Whether a director that has never heard of a connection sends it to the node that has it. */
export const findsAgain = ({ scheduler }: Pick<ServicePlan, "scheduler">): boolean =>
  stateless.has(scheduler);

/** What the loss of a director costs, or of a program of its own, where another takes the address. */
export function balancersLost({ balancers, tier }: ClusterPlan, load: ForecastLoad): Forecast[] {
  const { silent, goodbye } = addressGap(balancers, tier.failover.advertise);
  const services = "services" in tier ? tier.services.filter(({ pool }) => pool === load.pool) : [];
  const everywhere = services.every(findsAgain);
  // Those that began a moment ago, and what is under way on them.
  const young = (rate: number): Range =>
    everywhere ? nothing : plus(span(0, during(rate, span(untold)).high), underWay(rate, load.service));
  const atMost = ({ high }: Range) => span(0, high);
  const fault = (id: Forecast["id"], title: string, noService: Range): Forecast => ({
    id,
    title,
    detect: null,
    noService,
    lost: eachClass(load, young),
    worst: span(load.service, sentAgain(silent) + load.service),
    // Told of by the sync daemon, whatever the scheduler.
    open: nothing,
    capacity: null,
  });
  return [
    fault("balancer-killed", "the director with the address is killed", silent),
    fault("balancer-frozen", "the director with the address is frozen", silent),
    fault("balancer-stopped", "the director with the address is stopped", atMost(goodbye)),
    // The kernel forwards until the other has the address.
    fault("control-dead", "the control program of the director with the address dies", atMost(goodbye)),
    fault("keepalived-dead", "keepalived of the director with the address dies", atMost(silent)),
    fault("partition", `the directors lose each other for ${load.split / 1000} s`, nothing),
  ];
}
