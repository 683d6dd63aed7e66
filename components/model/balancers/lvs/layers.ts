import type { BalancerSpec, LvsSpec } from "../../spec.ts";

/** Most directors in front of other balancers: their addresses come after those (model/layout.ts). */
export const mostDirectorsInFront = 3;

/** What stands behind the directors; null where they forward to the pools themselves. */
export const lvsBehind = ({ behind }: LvsSpec): BalancerSpec | null => behind;
