import type { Rule } from "../rules/rule.ts";
import type { BalancerSpec, DirectorsSpec } from "../spec.ts";
import { lvsFrontRules } from "./lvs/front-rules.ts";
import { lvsBehind } from "./lvs/layers.ts";
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
  /** What stands behind it, where it can be in front of other balancers; null where nothing does. */
  readonly behind?: (balancer: B) => BalancerSpec | null;
  /** Rules about stacks in which it is in front of other balancers. */
  readonly frontRules?: readonly Rule[];
}

const kinds: { readonly [K in BalancerSpec["kind"]]: Kind<Extract<BalancerSpec, { kind: K }>> } = {
  lvs: {
    traits: lvsTraits,
    rules: lvsRules,
    withPools: lvsWithPools,
    behind: lvsBehind,
    frontRules: lvsFrontRules,
  },
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

/** The balancers that read requests, and what forwards to all of them; null for the second where nothing does. */
export function layersOf(balancer: BalancerSpec): {
  readonly balancer: BalancerSpec;
  readonly directors: DirectorsSpec | null;
} {
  const { behind } = kinds[balancer.kind] as Kind;
  const inner = behind?.(balancer) ?? null;
  // Only directors have something behind them.
  return inner === null
    ? { balancer, directors: null }
    : { balancer: inner, directors: balancer as DirectorsSpec };
}

/** Rules about stacks in which a kind is in front of other balancers. */
export function frontRules(kind: BalancerSpec["kind"]): readonly Rule[] {
  return (kinds[kind] as Kind).frontRules ?? [];
}
