import { type PlatformReview, plainReview } from "../contract.ts";

/** Containers: single machines. */
export const dockerReview: PlatformReview = {
  ...plainReview,
  ownHolders: { "docker:index/volume:Volume": /(?:^|-)(?:lb-\d+|lb-\d+-run|filter)$/ },
  servingTypes: ["docker:index/container:Container", "docker:index/network:Network"],
};
