import type { TlsPlan } from "../../plan/tiers/common.ts";
import { word } from "../text.ts";

/** Certificate and TLS settings of the server. Paths are relative to nginx.conf. */
export function tlsSettings(tls: TlsPlan): string[] {
  // TLS ends in front of the balancers, which get what was in it: HTTP/2 or HTTP/1.1, as client and front have agreed.
  if (tls.end.at === "front") return ["http2 on;"];
  return [
    "http2 on;",
    `ssl_certificate ${word(tls.end.certificate)};`,
    `ssl_certificate_key ${word(tls.end.key)};`,
    // Older versions are broken (RFC 8996).
    "ssl_protocols TLSv1.2 TLSv1.3;",
    // For TLS 1.2: forward secrecy and authenticated encryption only. All are fit, so the client's order counts: it knows
    // whether its processor has AES.
    "ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;",
    "ssl_prefer_server_ciphers off;",
    // Resumed by a cache that all workers share: a full handshake costs about ten times as much. No tickets: their key would
    // stay the same for as long as nginx runs, and whoever gets it reads everything recorded.
    "ssl_session_cache shared:tls:10m;",
    "ssl_session_timeout 1h;",
    "ssl_session_tickets off;",
  ];
}
