import type { Rule } from "../rules/rule.ts";
import type { BalancerSpec } from "../spec.ts";
import { lvsRules } from "./lvs/rules.ts";
import { lvsTraits } from "./lvs/traits.ts";
import { nginxRules } from "./nginx/rules.ts";
import { nginxTraits } from "./nginx/traits.ts";
import type { BalancerTraits } from "./traits.ts";

interface Kind {
  readonly traits: BalancerTraits;
  /** Rules about stacks with it, beside those for every stack. */
  readonly rules: readonly Rule[];
}

const kinds: Readonly<Record<BalancerSpec["kind"], Kind>> = {
  lvs: { traits: lvsTraits, rules: lvsRules },
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
