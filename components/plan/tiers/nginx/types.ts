import type { NginxSpec } from "../../../model/spec.ts";
import type { AnyTierPlan } from "../common.ts";

/** A tier of nginx. */
export interface NginxTierPlan extends AnyTierPlan {
  readonly kind: "nginx";
  /** Largest request body of routes that name none. */
  readonly bodyLimit: number;
  readonly compression: NginxSpec["compression"];
  readonly paths: NginxSpec["paths"];
  readonly headers: NginxSpec["headers"];
  readonly connections: NginxSpec["connections"];
  readonly logs: NginxSpec["logs"];
  /** CIDRs and addresses whose X-Forwarded-For, -Proto, -Host and -Port are believed. */
  readonly trustedProxies: readonly string[];
}
