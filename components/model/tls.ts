import type { BalancerSpec } from "./spec.ts";

/** A listener for TLS, of whichever kind of balancer. */
export type TlsSpec = NonNullable<Extract<BalancerSpec, { listen: { tls: unknown } }>["listen"]["tls"]>;

export type CertificateKind = TlsSpec["certificate"]["kind"];

/** Where a tier takes TLS; null where it takes none, and for kinds of balancers that pass on what they don't read. */
export function tlsOf(balancer: BalancerSpec): TlsSpec | null {
  return "listen" in balancer ? balancer.listen.tls : null;
}
