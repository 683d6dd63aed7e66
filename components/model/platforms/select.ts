import type { Rule } from "../rules/rule.ts";
import type { PlatformKind, PlatformSpec } from "../spec.ts";
import { awsRules } from "./aws/rules/index.ts";
import { awsTraits } from "./aws/traits.ts";
import { dockerTraits } from "./docker/traits.ts";
import { memoryTraits } from "./memory/traits.ts";
import { metalRules } from "./metal/rules/index.ts";
import { metalTraits } from "./metal/traits.ts";
import type { PlatformTraits } from "./traits.ts";

interface Kind {
  readonly traits: PlatformTraits;
  /** Rules about stacks on it, beside those for every stack. */
  readonly rules: readonly Rule[];
}

const kinds: Readonly<Record<PlatformKind, Kind>> = {
  aws: { traits: awsTraits, rules: awsRules },
  docker: { traits: dockerTraits, rules: [] },
  memory: { traits: memoryTraits, rules: [] },
  metal: { traits: metalTraits, rules: metalRules },
};

/** What a kind of platform is like. */
export function platformTraits(kind: PlatformKind): PlatformTraits {
  return kinds[kind].traits;
}

/**
 * What a stack says of its platform, with ids where it names pools. Whoever says something about single pools does so in `pools`,
 * by name; which ones are fenced is a list of names.
 */
export function platformWithPools(platform: PlatformSpec, idOf: (pool: string) => string): PlatformSpec {
  if ("fence" in platform) return { ...platform, fence: platform.fence.map(idOf) };
  if (!("pools" in platform)) return platform;
  const pools = Object.entries(platform.pools).map(([name, options]) => [idOf(name), options]);
  return { ...platform, pools: Object.fromEntries(pools) };
}

/** Rules about stacks on a kind of platform, beside those for every stack. */
export function platformRules(kind: PlatformKind): readonly Rule[] {
  return kinds[kind].rules;
}
