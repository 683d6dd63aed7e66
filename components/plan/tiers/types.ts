import type { LvsTierPlan } from "./lvs/types.ts";
import type { NginxTierPlan } from "./nginx/types.ts";

/** What all balancers have in common: a line a kind. Durations in milliseconds, amounts in bytes. */
export type TierPlan = LvsTierPlan | NginxTierPlan;
