import type { SecretReference } from "../../../model/spec.ts";
import type { TlsSpec } from "../../../model/tls.ts";
import type { TlsEnd, TlsPlan } from "../common.ts";

/** @param addresses by which clients come: they are in a certificate that the balancers make themselves */
export function planTls(tls: TlsSpec, addresses: readonly string[]): TlsPlan {
  const { port, redirect, certificate } = tls;
  const end = endOf(certificate, addresses);
  return {
    port,
    certificate,
    redirect,
    end,
    // Not for a self-signed certificate, which browsers could never get past again.
    strictTransport: remembered(tls, redirect && !(end.at === "balancer" && end.selfSigned)),
  };
}

/** The value of Strict-Transport-Security; null for none. */
function remembered({ strictTransport }: TlsSpec, byDefault: boolean): string | null {
  if (strictTransport === null) return null;
  if (strictTransport === "auto") return byDefault ? "max-age=31536000" : null;
  const { maxAge, subdomains, preload } = strictTransport;
  return [
    `max-age=${Math.round(maxAge / 1000)}`,
    ...(subdomains ? ["includeSubDomains"] : []),
    ...(preload ? ["preload"] : []),
  ].join("; ");
}

/** The secrets among a certificate's files. */
export function tlsSecrets({ certificate }: TlsSpec): SecretReference[] {
  const end = endOf(certificate, []);
  if (end.at === "front") return [];
  return end.files.flatMap((file) => ("secret" in file ? [file.secret] : []));
}

function endOf(certificate: TlsSpec["certificate"], addresses: readonly string[]): TlsEnd {
  switch (certificate.kind) {
    case "acm":
      return { at: "front", certificate: certificate.arn };
    case "given":
      return shown("server", false, [
        { path: "tls/server.crt", mode: "0600", secret: certificate.certificate },
        { path: "tls/server.key", mode: "0600", secret: certificate.key },
      ]);
    case "self-signed": {
      // The first is its common name.
      const names = [...new Set([...certificate.names, ...addresses])];
      return shown("self-signed", true, [{ path: "tls/self-signed.names", mode: "0644", names }]);
    }
    default:
      return certificate satisfies never;
  }
}

function shown(
  name: string,
  selfSigned: boolean,
  files: Extract<TlsEnd, { at: "balancer" }>["files"],
): TlsEnd {
  return { at: "balancer", certificate: `tls/${name}.crt`, key: `tls/${name}.key`, files, selfSigned };
}
