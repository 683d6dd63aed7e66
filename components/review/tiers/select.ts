import type { TierPlan } from "../../plan/tiers/types.ts";
import type { TierReview } from "./contract.ts";
import { lvsReview } from "./lvs/index.ts";
import { nginxReview } from "./nginx/index.ts";

const reviews: { readonly [K in TierPlan["kind"]]: TierReview<Extract<TierPlan, { kind: K }>> } = {
  lvs: lvsReview,
  nginx: nginxReview,
};

export const tierReviews: readonly TierReview[] = Object.values(reviews) as TierReview[];

/** What a review asks of a kind of balancer. */
export function tierReview(kind: TierPlan["kind"]): TierReview {
  // Whoever asks by a tier's kind gives it that tier.
  return reviews[kind] as TierReview;
}
