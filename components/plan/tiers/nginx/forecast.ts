import type { AddressMoved } from "../../forecast-tier.ts";
import { during, eachClass, type Forecast, plus, span, underWay } from "../../forecast-types.ts";

/** What the death of nginx costs; sources in plan/forecast.ts. */
export function nginxFaults({ load, goodbye, again }: AddressMoved): Forecast[] {
  const { service } = load;
  return [
    {
      id: "nginx-dead",
      title: "nginx of the balancer with the address dies",
      detect: null,
      noService: goodbye,
      // Nobody listens, and the kernel says so: every request is refused at once.
      lost: eachClass(load, (rate) => plus(during(rate, goodbye), underWay(rate, service))),
      worst: span(service, again + service),
      capacity: null,
    },
  ];
}
