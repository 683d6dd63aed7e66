import type { BalancerService } from "../../plan/groups/types.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import { block, integer, nginxString, paragraphs, word } from "../text.ts";
import { locations } from "./locations.ts";
import { tlsSettings } from "./tls.ts";

/**
 * Of every listening socket: its own for each worker (the kernel spreads connections, and no worker wakes for nothing),
 * and a queue as long as Linux allows by default (nginx has 511), so that a burst waits and isn't refused.
 */
const socketOptions = "default_server reuseport backlog=4096";

/** The server that clients talk to; with TLS and redirect two, one of which only sends clients to the other. */
export function servers(plan: ClusterPlan): string[] {
  const { tls, httpPort } = plan.tier;
  const plain = `listen ${integer(httpPort, 1)} ${socketOptions};`;
  if (tls === null) return server(plan, [plain]);
  const ssl = tls.end.at === "front" ? "" : "ssl http2 ";
  const secure = [`listen ${integer(tls.port, 1)} ${ssl}${socketOptions};`, ...tlsSettings(tls)];
  if (!tls.redirect) return server(plan, [plain, ...secure]);
  return paragraphs(redirect(plain, tls.port), server(plan, secure));
}

function server(plan: ClusterPlan, listening: readonly string[]): string[] {
  return block("server", paragraphs([...listening, "server_name _;"], realAddress(plan), locations(plan)));
}

/** 308 and not 301: a POST stays a POST. */
function redirect(listening: string, tlsPort: number): string[] {
  const port = tlsPort === 443 ? "" : `:${integer(tlsPort, 1)}`;
  return block("server", [listening, "server_name _;", `return 308 https://$host${port}$request_uri;`]);
}

/**
 * Answers 200 whenever nginx answers at all. Whether nodes are well plays no part: with all of them lost every balancer would
 * count as unwell, and their group would replace machines that nothing is wrong with.
 */
export function healthServer({ port, path }: BalancerService["health"]): string[] {
  return block("server", [
    `listen ${integer(port, 1)} default_server;`,
    "server_name _;",
    // Asked every few seconds, by machines only.
    "access_log off;",
    ...block(`location = ${nginxString(path)}`, ["return 200;"]),
    ...block("location /", ["return 404;"]),
  ]);
}

/** The client's address as a trusted proxy tells it. From anybody else the header is only a claim. */
function realAddress(plan: ClusterPlan): string[] {
  const trusted = plan.tier.kind === "nginx" ? plan.tier.trustedProxies : [];
  if (trusted.length === 0) return [];
  return [
    ...trusted.map((proxy) => `set_real_ip_from ${word(proxy)};`),
    "real_ip_header X-Forwarded-For;",
    // From the right, past all trusted ones: what stands left of them came from the client.
    "real_ip_recursive on;",
  ];
}
