import type { Rule } from "../rules/rule.ts";
import type { BalancerSpec } from "../spec.ts";
import { lvsWithPools } from "./lvs/pools.ts";
import { lvsRules } from "./lvs/rules.ts";
import { lvsTraits } from "./lvs/traits.ts";
import { nginxRules } from "./nginx/rules.ts";
import { nginxTraits } from "./nginx/traits.ts";
import type { BalancerTraits } from "./traits.ts";

interface Kind<B extends BalancerSpec = BalancerSpec> {
  readonly traits: BalancerTraits;
  /** Rules about stacks with it, beside those for every stack. */
  readonly rules: readonly Rule[];
  /** The same with pools by their ids, where it names some. @param idOf the id of a pool of that name */
  readonly withPools?: (balancer: B, idOf: (name: string) => string) => B;
}

const kinds: { readonly [K in BalancerSpec["kind"]]: Kind<Extract<BalancerSpec, { kind: K }>> } = {
  lvs: { traits: lvsTraits, rules: lvsRules, withPools: lvsWithPools },
  nginx: { traits: nginxTraits, rules: nginxRules },
};

/** What a kind of balancer can do. */
export function balancerTraits(kind: BalancerSpec["kind"]): BalancerTraits {
  return kinds[kind].traits;
}

/** Rules about stacks with a kind of balancer, beside those for every stack. */
export function balancerRules(kind: BalancerSpec["kind"]): readonly Rule[] {
  return kinds[kind].rules;
}

/** A balancer with pools by their ids. @param idOf the id of a pool of that name */
export function balancerWithPools(balancer: BalancerSpec, idOf: (name: string) => string): BalancerSpec {
  // Whoever asks by a balancer's kind gives it that balancer.
  const { withPools } = kinds[balancer.kind] as Kind;
  return withPools === undefined ? balancer : withPools(balancer, idOf);
}
