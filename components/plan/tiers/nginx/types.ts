import type { AnyTierPlan } from "../common.ts";

/** A tier of nginx. */
export interface NginxTierPlan extends AnyTierPlan {
  readonly kind: "nginx";
  /** Largest request body of routes that name none. */
  readonly bodyLimit: number;
  /** CIDRs and addresses whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
}
