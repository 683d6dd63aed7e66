import type { TlsPlan } from "../../plan/tiers/common.ts";
import { block } from "../text.ts";
import type { NginxPlan } from "./plan.ts";
import { nginxString } from "./text.ts";

/* What the balancer adds to answers, and answers by itself. */

/** Headers that keep browsers from guessing, framing and telling others, each with nginx's name of what a node says of it. */
const security = [
  ["X-Content-Type-Options", "nosniff", "x_content_type_options"],
  ["X-Frame-Options", "SAMEORIGIN", "x_frame_options"],
  ["Referrer-Policy", "strict-origin-when-cross-origin", "referrer_policy"],
] as const;

/** Variables of those headers: empty, and so not sent, where the node says its own. */
export function securityVariables({ tier }: NginxPlan): string[] {
  if (!tier.headers.security) return [];
  return security.flatMap(([, value, name]) =>
    block(`map $upstream_http_${name} $hotspare_${name}`, ['default "";', `"" ${value};`]),
  );
}

/** What is text and large; images, archives and the like are small already, and events must not be held back. */
const compressed =
  "text/css text/javascript text/plain text/xml application/javascript application/json application/problem+json application/xml application/rss+xml application/manifest+json image/svg+xml";

/** Debian's package of the module that compresses by brotli; nginx itself has gzip only. */
export const brotliModule = "libnginx-mod-http-brotli-filter";

/** Whether answers may be sent by brotli, which is a module of its own. */
export const usesBrotli = ({ tier }: NginxPlan): boolean => tier.compression === true;

/** HTML is always among what is compressed. */
export function compression(plan: NginxPlan): string[] {
  if (plan.tier.compression === false) return [];
  return [
    ...(usesBrotli(plan)
      ? [
          "brotli on;",
          // As small as gzip's best and about as quick as its fastest; nginx has 6, which takes twice the processor.
          "brotli_comp_level 4;",
          "brotli_min_length 1024;",
          `brotli_types ${compressed};`,
        ]
      : []),
    "gzip on;",
    // Below that the header costs more than is saved.
    "gzip_min_length 1024;",
    // Clients of proxies as well, and caches are told that there are two of each.
    "gzip_proxied any;",
    "gzip_vary on;",
    `gzip_types ${compressed};`,
  ];
}

/** In each server: nginx forgets those of the level above where a level has one of its own. */
export function addedHeaders({ tier }: NginxPlan, tls: TlsPlan | null): string[] {
  const remembered = tls?.strictTransport ?? null;
  return [
    ...(tier.headers.security
      ? security.map(([header, , name]) => `add_header ${header} $hotspare_${name} always;`)
      : []),
    ...(remembered === null
      ? []
      : [`add_header Strict-Transport-Security ${nginxString(remembered)} always;`]),
  ];
}

/** The balancer's own errors; what a node answers, errors too, is its own. */
export function ownErrors(): string[] {
  return [
    "error_page 413 429 500 502 503 504 @hotspare_error;",
    ...block("location @hotspare_error", ['content_by_lua_block { require("hotspare.errors").answer() }']),
  ];
}
