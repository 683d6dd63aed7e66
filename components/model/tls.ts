import type { BalancerSpec } from "./spec.ts";

/** A listener for TLS, of whichever kind of balancer. */
export type TlsSpec = NonNullable<Extract<BalancerSpec["listen"], { tls: unknown }>["tls"]>;

export type CertificateKind = TlsSpec["certificate"]["kind"];

/** Where a tier takes TLS; null where it takes none, and for kinds of balancers that pass on what they don't read. */
export function tlsOf({ listen }: BalancerSpec): TlsSpec | null {
  return "tls" in listen ? listen.tls : null;
}
