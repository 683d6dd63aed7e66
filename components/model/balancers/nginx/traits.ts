import type { BalancerTraits } from "../traits.ts";

/** nginx with a balancer in Lua. */
export const nginxTraits: BalancerTraits = {
  layer: 7,
  membersInPlace: true,
  countsAnswers: true,
  algorithms: [
    "weighted-round-robin",
    "round-robin",
    "least-connections",
    "two-choices",
    "ip-hash",
    "consistent-hash",
  ],
  weights: true,
};
