import { platformTraits } from "../../model/platforms/select.ts";
import type { ClusterSpec } from "../../model/spec.ts";
import { imageOf, machine, ordinals } from "../machine.ts";
import type { BalancerPlan, FilterPlan, PlanContext, WardenPlan } from "../types.ts";

const megabyte = 1024 ** 2;

/** Platforms whose wardens are the kit's own; clouds have engines that do their work. */
const hasWardens = ({ platform, warden }: ClusterSpec) =>
  platformTraits(platform.kind).warden && warden.enabled;

/** Where wardens are. */
interface WardenPlaces {
  /** Address of the nth, from 1. */
  readonly addressOf: (ordinal: number) => string;
  /** Networks (CIDR) of those who may ask for metrics: with nodes, and without. */
  readonly answers: { readonly all: readonly string[]; readonly others: readonly string[] };
}

/** A warden beside each balancer. */
export function planWardens(
  spec: ClusterSpec,
  balancers: readonly BalancerPlan[],
  { addressOf, answers }: WardenPlaces,
  context: PlanContext,
): WardenPlan[] {
  if (!hasWardens(spec)) return [];
  const { enabled: _, openToNodes, ...timers } = spec.warden;
  return ordinals(balancers.length).map((ordinal) => ({
    ...machine(spec, context, `warden-${ordinal}`, imageOf(context, "warden")),
    role: "warden",
    balancer: `lb-${ordinal}`,
    address: addressOf(ordinal),
    timers,
    answers: openToNodes ? answers.all : answers.others,
    cpus: 0.5,
    memory: 128 * megabyte,
  }));
}

export function planFilter(spec: ClusterSpec, context: PlanContext): FilterPlan | null {
  if (!hasWardens(spec)) return null;
  return {
    ...machine(spec, context, "filter", imageOf(context, "filter")),
    role: "filter",
    cpus: 0.25,
    memory: 96 * megabyte,
  };
}
