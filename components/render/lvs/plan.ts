import type { LvsTierPlan } from "../../plan/tiers/lvs/types.ts";
import type { ClusterPlan } from "../../plan/types.ts";

/** A plan whose balancers are directors. */
export type LvsPlan = ClusterPlan & { readonly tier: LvsTierPlan };
