import type { BalancerTraits } from "../traits.ts";

/** Linux Virtual Server: the kernel's IPVS, which sees connections and no answers. */
export const lvsTraits: BalancerTraits = {
  layer: 4,
  membersInPlace: true,
  countsAnswers: false,
  algorithms: ["weighted-round-robin", "round-robin", "least-connections", "ip-hash", "consistent-hash"],
  weights: true,
};
