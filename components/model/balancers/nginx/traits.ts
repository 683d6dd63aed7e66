import { algorithmKinds } from "../../algorithms.ts";
import type { BalancerTraits } from "../traits.ts";

/** nginx with a balancer in Lua. */
export const nginxTraits: BalancerTraits = {
  layer: 7,
  membersInPlace: true,
  countsAnswers: true,
  algorithms: algorithmKinds,
  weights: true,
};
