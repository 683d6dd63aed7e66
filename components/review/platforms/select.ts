import type { PlatformKind } from "../../model/spec.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import type { FieldChange, Sides } from "../compare/types.ts";
import { awsReview } from "./aws/index.ts";
import { type PlatformReview, plainReview } from "./contract.ts";
import { dockerReview } from "./docker/index.ts";
import { metalReview } from "./metal/index.ts";

/** By kind; of one that is not here there is nothing to say but its machines. */
const reviews: { readonly [K in PlatformKind]?: PlatformReview } = {
  aws: awsReview,
  docker: dockerReview,
  metal: metalReview,
};

/** Of all kinds: what the engine's steps are is judged whatever the stack stands on. */
export const platformReviews: readonly PlatformReview[] = Object.values(reviews);

/** What a review asks of a plan's platform. */
export function platformReview({ platform }: Pick<ClusterPlan, "platform">): PlatformReview {
  return reviews[platform.kind] ?? plainReview;
}

/** Of both sides where the platform stays; of one that comes or goes its own. */
export function reviewOfSides({ before, after }: Sides<ClusterPlan>): PlatformReview {
  const plan = after ?? before;
  return plan === null ? plainReview : platformReview(plan);
}

/** Settings that only a platform knows, of each that a side stands on. */
export function platformSettings(plans: Sides<ClusterPlan>): FieldChange[] {
  const asked = [plans.before, plans.after].flatMap((plan) => (plan === null ? [] : [platformReview(plan)]));
  return [...new Set(asked)].flatMap((review) => review.settings(plans));
}
