import type { BalancerSpec } from "../spec.ts";
import { lvsTraits } from "./lvs/traits.ts";
import { nginxTraits } from "./nginx/traits.ts";
import type { BalancerTraits } from "./traits.ts";

const traits: Readonly<Record<BalancerSpec["kind"], BalancerTraits>> = { lvs: lvsTraits, nginx: nginxTraits };

/** What a kind of balancer can do. */
export function balancerTraits(kind: BalancerSpec["kind"]): BalancerTraits {
  return traits[kind];
}
