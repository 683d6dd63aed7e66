import { platformTraits } from "../../model/platforms/select.ts";
import type { ClusterSpec } from "../../model/spec.ts";
import { imageOf, machine, ordinals } from "../machine.ts";
import type { BalancerPlan, FilterPlan, PlanContext, WardenPlan } from "../types.ts";

const megabyte = 1024 ** 2;

/** Platforms whose wardens are the kit's own; clouds have engines that do their work. */
const hasWardens = ({ platform, warden }: ClusterSpec) =>
  platformTraits(platform.kind).warden && warden.enabled;

/** A warden beside each balancer. @param addressOf address of the nth, from 1 */
export function planWardens(
  spec: ClusterSpec,
  balancers: readonly BalancerPlan[],
  addressOf: (ordinal: number) => string,
  context: PlanContext,
): WardenPlan[] {
  if (!hasWardens(spec)) return [];
  const { enabled: _, ...timers } = spec.warden;
  return ordinals(balancers.length).map((ordinal) => ({
    ...machine(spec, context, `warden-${ordinal}`, imageOf(context, "warden")),
    role: "warden",
    balancer: `lb-${ordinal}`,
    address: addressOf(ordinal),
    timers,
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
