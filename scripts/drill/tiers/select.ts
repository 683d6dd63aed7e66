import type { ClusterPlan } from "../../../components/plan/types.ts";
import { nginxDrills } from "./nginx/index.ts";
import type { TierDrills } from "./types.ts";

/** By the kind of balancers. */
const tiers: Readonly<Record<ClusterPlan["tier"]["kind"], TierDrills>> = { nginx: nginxDrills };

/** What drills need of a kind of balancers. */
export function tierDrills(kind: ClusterPlan["tier"]["kind"]): TierDrills {
  return tiers[kind];
}

/** Drills that only one kind of balancers has, of all kinds. */
export const programDrills = Object.values(tiers).flatMap(({ programs }) => programs);
export const programSeries = Object.values(tiers).flatMap(({ series }) => series);

/** Whether the balancers of a kind have this drill: one that kills a program does with its own kind only. */
export function tierHas(kind: ClusterPlan["tier"]["kind"], id: string): boolean {
  const own = [...tiers[kind].programs, ...tiers[kind].series].some((drill) => drill.id === id);
  return own || ![...programDrills, ...programSeries].some((drill) => drill.id === id);
}
