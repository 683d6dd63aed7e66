import type { ClusterPlan } from "../../../components/plan/types.ts";
import { lvsDrills } from "./lvs/index.ts";
import { nginxDrills } from "./nginx/index.ts";
import type { TierDrills } from "./types.ts";

type TierKind = ClusterPlan["tier"]["kind"];

const tiers: Readonly<Record<TierKind, TierDrills>> = { lvs: lvsDrills, nginx: nginxDrills };

/** What drills need of a kind of balancers. */
export const tierDrills = (kind: TierKind): TierDrills => tiers[kind];

/** Drills that only one kind of balancers has, of all kinds. */
export const programDrills = Object.values(tiers).flatMap(({ programs }) => programs);
export const programSeries = Object.values(tiers).flatMap(({ series }) => series);

/** Whether the balancers of a kind have this drill: one that kills a program does with its own kind only. */
export function tierHas(kind: TierKind, id: string): boolean {
  const own = [...tiers[kind].programs, ...tiers[kind].series].some((drill) => drill.id === id);
  return own || ![...programDrills, ...programSeries].some((drill) => drill.id === id);
}
