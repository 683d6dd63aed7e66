import type { ClusterPlan } from "../../../components/plan/types.ts";
import { nginxDrills } from "./nginx/index.ts";
import type { TierDrills } from "./types.ts";

type TierKind = ClusterPlan["tier"]["kind"];

/** By the kind of balancers; those of one that is not here have no drills yet. */
const tiers: Readonly<Partial<Record<TierKind, TierDrills>>> = { nginx: nginxDrills };

/** Whether there are drills for a kind of balancers. */
export const hasDrills = (kind: TierKind): boolean => tiers[kind] !== undefined;

/** What drills need of a kind of balancers. @throws Error for a kind that has no drills yet; `runnable` refuses it */
export function tierDrills(kind: TierKind): TierDrills {
  const drills = tiers[kind];
  if (drills === undefined) throw new Error(`drills of balancers of the kind "${kind}" are not built yet`);
  return drills;
}

/** Drills that only one kind of balancers has, of all kinds. */
export const programDrills = Object.values(tiers).flatMap(({ programs }) => programs);
export const programSeries = Object.values(tiers).flatMap(({ series }) => series);

/** Whether the balancers of a kind have this drill: one that kills a program does with its own kind only. */
export function tierHas(kind: TierKind, id: string): boolean {
  const own = [...(tiers[kind]?.programs ?? []), ...(tiers[kind]?.series ?? [])].some(
    (drill) => drill.id === id,
  );
  return own || ![...programDrills, ...programSeries].some((drill) => drill.id === id);
}
