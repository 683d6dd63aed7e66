import type { DoorPlan, RoutePlan } from "../../plan/types.ts";
import { virtualAddressOf } from "../../plan/virtual-address.ts";
import { doorConfig } from "../door.ts";
import { luaFolder } from "../paths.ts";
import { block, integer, paragraphs, word } from "../text.ts";
import { namedHops, portOfHost, removedHops } from "./headers.ts";
import { answerBuffers } from "./http.ts";
import { locationPath } from "./location-path.ts";
import type { NginxPlan } from "./plan.ts";
import { learns, silence } from "./routes.ts";
import { hostName, hostSettings, type Site, sites } from "./sites.ts";
import { milliseconds, nginxString } from "./text.ts";

/** Ports inside the door's container. */
const ports = { http: 80, tls: 443 } as const;

/** A balancer in the same network answers within a millisecond; after this one it is lost. */
const connectTimeout = 100;

/** For so long the door goes on trying: longer than any move of the virtual address. */
const retryFor = 4_000;

/** Idle time of a passed-through TLS connection. */
const tlsSilence = 3_600_000;

/** entry.conf of the door: an nginx on the Docker host's loopback address that finds the balancer which serves. */
export function renderEntry(plan: NginxPlan, door: DoorPlan): string {
  return doorConfig(
    plan.cluster,
    block("http", http(plan, door)),
    door.tlsPort === null || plan.tier.tls === null ? [] : block("stream", stream(plan, plan.tier.tls.port)),
  );
}

/**
 * The virtual address twice, so that a try during its move is followed by another one there; then the balancers
 * themselves. `max_fails=0`: none is ever left out, since the address is well again in a moment.
 */
function balancers(plan: NginxPlan, port: number): string[] {
  const virtual = `server ${word(virtualAddressOf(plan))}:${integer(port, 1)} max_fails=0;`;
  const own = plan.balancers.map(
    (balancer) => `server ${word(balancer.address)}:${integer(port, 1)} max_fails=0 backup;`,
  );
  return [virtual, virtual, ...own];
}

function http(plan: NginxPlan, door: DoorPlan): string[] {
  return paragraphs(
    [
      "server_tokens off;",
      // The balancers log every request.
      "access_log off;",
      `lua_package_path "${luaFolder}/?.lua;;";`,
      ...(plan.tier.headers.underscores ? ["underscores_in_headers on;"] : []),
      ...hostSettings(plan),
      `large_client_header_buffers 4 ${integer(plan.tier.headers.requestLimit, 1)};`,
      ...answerBuffers(plan),
      ...portOfHost,
      ...namedHops,
      // A new connection for each request: when the address moves, open ones die, and a POST on one of them can't be repeated.
      "proxy_http_version 1.1;",
      `proxy_connect_timeout ${milliseconds(connectTimeout)};`,
      // A balancer that lost the address can't say so. Probes find out: the new holder answers them with a reset. How soon
      // is the container's affair (net.ipv4.tcp_keepalive_time and _intvl; Linux has two hours).
      "proxy_socket_keepalive on;",
      "proxy_next_upstream_tries 0;",
      `proxy_next_upstream_timeout ${milliseconds(retryFor)};`,
      ...block("map $http_upgrade $hotspare_upgrade", ['default "";', "~*^websocket$ websocket;"]),
      ...block("map $hotspare_upgrade $hotspare_connection", ["default close;", "websocket upgrade;"]),
      "proxy_set_header Host $host$hotspare_colon_port;",
      "proxy_set_header X-Forwarded-For $remote_addr;",
      // A stack may trust the cluster's whole network, and so the door: what a client claims ends here.
      "proxy_set_header X-Forwarded-Proto $scheme;",
      'proxy_set_header X-Forwarded-Host "";',
      'proxy_set_header X-Forwarded-Port "";',
      "proxy_set_header Upgrade $hotspare_upgrade;",
      "proxy_set_header Connection $hotspare_connection;",
    ],
    block("upstream balancers", balancers(plan, plan.tier.httpPort)),
    ...sites(plan).map((site) => server(plan, door, site)),
  );
}

/** A host may have limits of its own. */
function server(plan: NginxPlan, door: DoorPlan, { host, routes }: Site): string[] {
  const paths = new Set(routes.map(({ path }) => locationPath(path)));
  const name = host === null ? "_" : hostName(host);
  return block(
    "server",
    paragraphs(
      [
        `listen ${ports.http}${host === null ? " default_server" : ""};`,
        `server_name ${name};`,
        ...tlsRedirect(plan, door),
      ],
      ...routes.map((route) => location(route, paths)),
    ),
  );
}

/** The balancers redirect to their own TLS port; the host has another one for it. */
function tlsRedirect(plan: NginxPlan, door: DoorPlan): string[] {
  if (plan.tier.tls === null || door.tlsPort === null) return [];
  return [
    `proxy_redirect ~^https://([^/:]+)(?::${integer(plan.tier.tls.port, 1)})?(/.*)$ https://$1:${integer(door.tlsPort, 1)}$2;`,
  ];
}

function location(route: RoutePlan, paths: ReadonlySet<string>): string[] {
  // Longer than a balancer can take with all its tries, so that it is the balancer that answers 504.
  const silence = route.streaming ? tlsSilence : longestAnswer(route) + 1_000;
  const settings = [
    // A body that the balancer will refuse isn't read first.
    `client_max_body_size ${integer(route.bodyLimit, 1)};`,
    `proxy_read_timeout ${milliseconds(silence)};`,
    `proxy_send_timeout ${milliseconds(silence)};`,
    `proxy_next_upstream error timeout${route.idempotent ? " non_idempotent" : ""};`,
    ...(route.streaming ? ["proxy_buffering off;", "proxy_request_buffering off;"] : []),
    ...removedHops(),
    `proxy_pass http://balancers;`,
  ];
  // Without its last slash the balancer answers; nginx would by itself, by 301.
  const path = locationPath(route.path);
  const exact = path.length > 1 && path.endsWith("/") && !paths.has(path.slice(0, -1));
  return paragraphs(
    block(`location ${nginxString(path)}`, settings),
    exact ? block(`location = ${nginxString(path.slice(0, -1))}`, settings) : [],
  );
}

/** The last try begins after the one that was begun in time. */
function longestAnswer(route: RoutePlan): number {
  const silent = silence(route);
  return learns(route) ? route.retryFor + 2 * silent : Math.max(silent, route.retryFor) + silent;
}

/** TLS as it is, byte for byte: the balancers have the certificate. */
function stream(plan: NginxPlan, tlsPort: number): string[] {
  return [
    ...block("upstream balancers_tls", balancers(plan, tlsPort)),
    ...block("server", [
      `listen ${ports.tls};`,
      `proxy_connect_timeout ${milliseconds(connectTimeout)};`,
      `proxy_next_upstream_timeout ${milliseconds(retryFor)};`,
      "proxy_socket_keepalive on;",
      `proxy_timeout ${milliseconds(tlsSilence)};`,
      "proxy_pass balancers_tls;",
    ]),
  ];
}
