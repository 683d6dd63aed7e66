import type { ClusterPlan } from "../../../components/plan/types.ts";
import type { Drill } from "../drill.ts";
import { lvsDrills } from "./lvs/index.ts";
import { nginxDrills } from "./nginx/index.ts";
import type { TierDrills } from "./types.ts";

type TierKind = ClusterPlan["tier"]["kind"];

const tiers: Readonly<Record<TierKind, TierDrills>> = { lvs: lvsDrills, nginx: nginxDrills };

/** What drills need of a kind of balancers. */
export const tierDrills = (kind: TierKind): TierDrills => tiers[kind];

/** The kind of those who have the virtual address. */
export const holdersKind = ({ tier, directors }: Pick<ClusterPlan, "tier" | "directors">): TierKind =>
  (directors?.tier ?? tier).kind;

/** Drills that only one kind of balancers has, of all kinds. */
export const programDrills = Object.values(tiers).flatMap(({ programs }) => programs);
export const programSeries = Object.values(tiers).flatMap(({ series }) => series);
/** Drills of balancers that all serve, behind directors of a kind. */
export const behindDrills = Object.values(tiers).flatMap(({ behind = [] }) => behind);

/**
 * Whether a cluster has this drill. One that kills a program of whoever has the address does with that one's kind only, others that belong
 * to a kind with that of the balancers.
 */
export function tierHas(plan: Pick<ClusterPlan, "tier" | "directors">, { id, fault }: Drill): boolean {
  const hasIt = (drills: readonly Drill[] = []) => drills.some((drill) => drill.id === id);
  if (hasIt(behindDrills))
    return plan.directors !== undefined && hasIt(tiers[plan.directors.tier.kind].behind);
  if (!hasIt([...programDrills, ...programSeries])) return true;
  const { programs, series } =
    tiers["of" in fault && fault.of === "holder" ? holdersKind(plan) : plan.tier.kind];
  return hasIt([...programs, ...series]);
}
