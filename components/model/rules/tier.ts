import { formatDuration } from "../units.ts";
import type { Rule } from "./rule.ts";

const preemptNeedsPeer: Rule = ({ balancer }) =>
  balancer.count === 1 && balancer.failover.preempt
    ? [
        {
          code: "balancer.preempt-without-peer",
          path: "balancer.failover.preempt",
          message: "there is 1 balancer, so there is nobody to take the address back from",
          hint: "remove it, or set balancer.count to 2",
        },
      ]
    : [];

const sensibleAdvert: Rule = ({ balancer, environment }) =>
  environment === "production" && balancer.failover.advertise < 50
    ? [
        {
          code: "balancer.advert-too-fast",
          path: "balancer.failover.advertise",
          message: `adverts every ${formatDuration(balancer.failover.advertise)} move the address when a scheduler pauses for ${formatDuration(balancer.failover.advertise * 3)}`,
          hint: 'use "100 ms" or more in production',
        },
      ]
    : [];

export const tierRules: readonly Rule[] = [preemptNeedsPeer, sensibleAdvert];
