import { balancerPart } from "./balancer.ts";
import { ephemeralPart, upPart } from "./clusters.ts";
import { planPart, reviewPart } from "./pure.ts";
import type { Part } from "./types.ts";

/** Everything that is measured, the quickest first. */
export const parts: readonly Part[] = [planPart, reviewPart, ephemeralPart, upPart, balancerPart];
