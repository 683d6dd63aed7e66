import type { LvsTierPlan } from "../../../plan/tiers/lvs/types.ts";
import type { TierReview } from "../contract.ts";
import { lvsSteps, reloadsOf } from "./steps.ts";

/** Directors: IPVS and keepalived. */
export const lvsReview: TierReview<LvsTierPlan> = {
  settings: ({ kind: _, httpPort: __, services, ...rest }) => ({
    ...rest,
    services: Object.fromEntries(
      services.map(({ protocol, port, ...service }) => [`${protocol}/${port}`, service]),
    ),
  }),
  reloads: reloadsOf,
  steps: lvsSteps,
  rules: [],
};
