import { clientHeaders } from "../../model/balancers/nginx/client-headers.ts";
import { block, integer, word } from "../text.ts";
import type { NginxPlan } from "./plan.ts";

/*
 * What a node is told of its client: scheme, host, port and address as the client has them, from a trusted proxy if there is
 * one in front. And what it is not told: all that clients only claim.
 */

/** Fields of one connection only (RFC 9110, 7.6.1) that nginx would pass on. */
const hopByHop = ["HTTP2-Settings", "Proxy-Connection", "Trailer"];

/** What `Connection` says in ordinary life, in lower case: names no field that must be removed. */
const ordinaryConnections = [
  "",
  "close",
  "keep-alive",
  "upgrade",
  "keep-alive, upgrade",
  "upgrade, keep-alive",
  "upgrade, http2-settings",
  "te",
  "te, close",
  "te, keep-alive",
  "close, te",
  "keep-alive, te",
];

/** The port that a client has written into Host, as it stands there; $host leaves it out. */
export const portOfHost = block("map $http_host $hotspare_colon_port", ['default "";', '"~(:[0-9]+)$" $1;']);

/** Whether Lua has to look: a client's `Connection` names fields that must be removed, or it says how far a request may go. */
export const namedHops = block('map "$http_max_forwards$http_connection" $hotspare_hops', [
  "default 1;",
  ...ordinaryConnections.map((value) => `"${value}" 0;`),
]);

/** What no client of today sends, and servers read in different ways: HTTP/0.9, and hosts that are none (RFC 9112, 3.2). */
export const unheard = block('map "$server_protocol $http_host" $hotspare_unheard', [
  "default 1;",
  String.raw`"~^HTTP/[1-3]\.[0-9] ((\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{0,5})?)?$" 0;`.replaceAll(
    "\\\\",
    "\\",
  ),
]);

const ownHost = "$host$hotspare_colon_port";
const ownPort = "$hotspare_host_port";

/** Where TLS ends in front of the balancers, a listener of theirs is secure without any of its own. */
function endsBefore({ tier }: NginxPlan): boolean {
  return tier.tls?.end.at === "front";
}

/** Proxies that are believed, besides the door: that one passes plain HTTP on, and TLS unopened, with whatever is in it. */
export function ownProxies({ tier, door }: NginxPlan): readonly string[] {
  return tier.trustedProxies.filter((proxy) => proxy !== door?.address);
}

/** What is told of a request, as variables. */
function told(plan: NginxPlan): { scheme: string; host: string; port: string } {
  return ownProxies(plan).length > 0
    ? { scheme: "$hotspare_scheme", host: "$hotspare_forwarded_host", port: "$hotspare_port" }
    : { scheme: endsBefore(plan) ? "$hotspare_listener" : "$scheme", host: ownHost, port: ownPort };
}

/** The scheme by which the client came, as a variable. */
export const schemeOf = (plan: NginxPlan): string => told(plan).scheme;

/** Variables that the headers are made of. Evaluated when a request needs them, once each. */
export function clientVariables(plan: NginxPlan): string[] {
  const { tls } = plan.tier;
  return [
    ...(tls !== null && endsBefore(plan)
      ? block("map $server_port $hotspare_listener", ["default $scheme;", `${integer(tls.port, 1)} https;`])
      : []),
    ...portOfHost,
    ...(ownProxies(plan).length > 0 ? believed(plan) : []),
    ...block(`map ${schemeOf(plan)} $hotspare_scheme_port`, ["default 80;", "https 443;"]),
    // A port that isn't the scheme's own stands in Host.
    ...block(`map $hotspare_colon_port ${ownPort}`, ['"" $hotspare_scheme_port;', '"~^:(.+)$" $1;']),
    ...namedHops,
    ...unheard,
  ];
}

/** Each network once, and `default` is one of them: nginx warns of what is said twice. */
function networks(plan: NginxPlan): string[] {
  const trusted = new Map([
    ["0.0.0.0/0", 0],
    ...ownProxies(plan).map((proxy) => [proxy, 1] as const),
    ...(plan.door === null ? [] : [[`${plan.door.address}/32`, 0] as const]),
  ]);
  return [...trusted].map(([network, value]) => `${word(network)} ${value};`);
}

/** What a trusted proxy says, where it says something of the right form; else what the request itself says. */
function believed(plan: NginxPlan): string[] {
  const own = endsBefore(plan) ? "$hotspare_listener" : "$scheme";
  return [
    ...block("geo $realip_remote_addr $hotspare_trusted", networks(plan)),
    ...block('map "$hotspare_trusted $http_x_forwarded_proto" $hotspare_scheme', [
      `default ${own};`,
      '"1 http" http;',
      '"1 https" https;',
    ]),
    ...block("map $hotspare_trusted $hotspare_given_host", ['default "";', "1 $http_x_forwarded_host;"]),
    ...block("map $hotspare_given_host $hotspare_forwarded_host", [
      `default ${ownHost};`,
      '"~^[][A-Za-z0-9._:-]+$" $hotspare_given_host;',
    ]),
    ...block("map $hotspare_trusted $hotspare_given_port", ['default "";', "1 $http_x_forwarded_port;"]),
    ...block("map $hotspare_given_port $hotspare_port", [
      `default ${ownPort};`,
      '"~^[0-9]{1,5}$" $hotspare_given_port;',
    ]),
  ];
}

/** Headers that a node gets with every request; those that are empty don't reach it. */
export function nodeHeaders(plan: NginxPlan): string[] {
  const passed = new Set<string>(plan.tier.headers.fromClient);
  const { scheme, host, port } = told(plan);
  return [
    `proxy_set_header Host ${ownHost};`,
    // One address, the one that is believed. A list that the client began can say anything.
    "proxy_set_header X-Forwarded-For $remote_addr;",
    `proxy_set_header X-Forwarded-Proto ${scheme};`,
    `proxy_set_header X-Forwarded-Host ${host};`,
    `proxy_set_header X-Forwarded-Port ${port};`,
    "proxy_set_header X-Real-IP $remote_addr;",
    "proxy_set_header X-Request-ID $request_id;",
    ...[...hopByHop, ...clientHeaders]
      .filter((name) => !passed.has(name))
      .map((name) => `proxy_set_header ${word(name)} "";`),
  ];
}

/** In each location: fields that the client's `Connection` names are for this connection only. Ordinary requests name none. */
export function removedHops(): string[] {
  return block("if ($hotspare_hops)", ['rewrite_by_lua_block { require("hotspare.hops").remove() }']);
}
