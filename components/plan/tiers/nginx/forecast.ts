import type { AddressMoved } from "../../forecast-tier.ts";
import { during, eachClass, type Forecast, harmless, plus, span, underWay } from "../../forecast-types.ts";

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

/**
 * One client's own requests fail and nobody else's: a broken connection doubts a node only where no other request fares better, an
 * answer that can't be read is an error of that answer (infra/runtime/balancer/lua: verdict, state), and slow connections have room
 * beside those of others.
 */
export const clientFaults: readonly Forecast[] = [
  harmless("poison-url", "one URL breaks the connection of whoever serves it"),
  harmless("large-header", "one answer has a header beyond the buffers"),
  harmless("slow-clients", "one client sends as slowly as it can"),
];
