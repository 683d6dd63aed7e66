import { contains, parseAddress, parseSubnet } from "../../model/ip.ts";
import type { BalancerPlan } from "../../plan/types.ts";
import { sharedAddressOf } from "../../plan/virtual-address.ts";
import { controlSocket, leavingFiles, luaFolder, membersFile, runFolder } from "../paths.ts";
import { block, integer, word } from "../text.ts";
import { compression, securityVariables } from "./answers.ts";
import { checksByNginx } from "./checks.ts";
import { clientVariables, nodeHeaders } from "./headers.ts";
import { checkAuthorities } from "./nodes.ts";
import { lookVariables, luaRoutes } from "./paths.ts";
import type { NginxPlan } from "./plan.ts";
import { routeTable } from "./routes.ts";
import { hostSettings } from "./sites.ts";
import { teaching } from "./teaching.ts";
import { luaString } from "./text.ts";

/** The Lua code and its memory: one document of members, what is known of them, counters of open requests. */
export function luaSettings(
  plan: NginxPlan,
  balancer: Pick<BalancerPlan, "key">,
  shutdownSeconds: number,
): string[] {
  const virtualAddress = sharedAddressOf(plan);
  const options = [
    `cluster = ${luaString(plan.cluster)}`,
    `balancer = ${luaString(balancer.key)}`,
    // Left out where there is none; the status then tells of none.
    ...(virtualAddress === null ? [] : [`virtual_address = ${luaString(virtualAddress)}`]),
    `members = ${luaString(membersFile)}`,
    // Also read by hotspare-apply, which has to know when it changes.
    `members_in = ${luaString(memberNetworks(plan))}`,
    ...(checksByNginx(plan) ? [`control = ${luaString(`unix:${controlSocket}`)}`] : []),
    ...(hasNeighbours(plan) ? ["neighbours = true"] : []),
    ...luaRoutes(plan),
    `vrrp = ${luaString(`${runFolder}/vrrp`)}`,
    `shutdown = ${integer(shutdownSeconds, 1)}`,
  ];
  return [
    `lua_package_path "${luaFolder}/?.lua;${luaFolder}/?/init.lua;;";`,
    // 7,000 members of about 130 bytes fit with room for a second document beside the first. A constant: a zone that
    // changes its size starts empty at the reload.
    "lua_shared_dict hotspare_members 8m;",
    "lua_shared_dict hotspare_health 8m;",
    "lua_shared_dict hotspare_flight 4m;",
    // The checks tell of changes; every failed check as an error line would drown the rest.
    "lua_socket_log_errors off;",
    ...checkAuthorities(plan),
    // What is learned of routes. As small as they are, thousands of them fit.
    "lua_shared_dict hotspare_learned 4m;",
    ...block("init_by_lua_block", [
      ...routeTable(plan),
      `require("hotspare").setup({ ${options.join(", ")} })`,
      ...teaching(plan, balancer.key),
    ]),
    ...block("init_worker_by_lua_block", ['require("hotspare").start()']),
    // One call: to find a module costs as much as most of what they do.
    `header_filter_by_lua_block { require("hotspare.header").pass(${plan.tier.compression !== false}, ${plan.tier.headers.underscores}) }`,
    ...block("log_by_lua_block", ['require("hotspare.balancer").log()']),
  ];
}

/** Whether nodes stand on balancers' own machines: then a member may have an address of a balancer's. */
function hasNeighbours({ balancers, nodes }: NginxPlan): boolean {
  const taken = new Set(balancers.map(({ address }) => address));
  return nodes.some(({ address }) => taken.has(address));
}

/**
 * Where members may be: in the cluster's network, where the plan has all nodes there. Empty where an engine of the platform gives
 * out the addresses, or machines that are there already have others; then anywhere but where no other machine can be.
 */
function memberNetworks({ network, nodes, groups }: NginxPlan): string {
  const subnet = parseSubnet(network.subnet);
  const within = ({ address }: { address: string }) => {
    const number = parseAddress(address);
    return subnet !== null && number !== null && contains(subnet, number);
  };
  return groups.length === 0 && nodes.every(within) ? network.subnet : "";
}

const logFields: readonly (readonly [name: string, value: string])[] = [
  ["time", '"$time_iso8601"'],
  ["id", '"$request_id"'],
  ["client", '"$remote_addr"'],
  ["method", '"$request_method"'],
  ["host", '"$host"'],
  // The path as nginx understood it.
  ["uri", '"$uri"'],
  ["protocol", '"$server_protocol"'],
  ["status", "$status"],
  ["bytes", "$body_bytes_sent"],
  ["seconds", "$request_time"],
  ["node", '"$upstream_addr"'],
  ["nodeStatus", '"$upstream_status"'],
  ["nodeConnect", '"$upstream_connect_time"'],
  ["nodeHeader", '"$upstream_header_time"'],
  ["nodeSeconds", '"$upstream_response_time"'],
];

/** One JSON object a request. A retried request has several nodes, separated by commas. */
export function logging({ tier }: NginxPlan, path: string): string[] {
  const fields = logFields.map(
    ([name, value]) => `"${name}":${name === "uri" && tier.logs.arguments ? '"$request_uri"' : value}`,
  );
  return [
    `log_format hotspare escape=json '{${fields.join(",")}}';`,
    // Buffered, since a write per request is a system call per request and blocks on a slow reader. 4 KB and not more:
    // up to that size the kernel writes to a pipe in one piece, so that workers don't cut into each other's lines.
    `access_log ${word(path)} hotspare buffer=4k flush=1s;`,
  ];
}

/** The largest number that `limit_conn` takes (nginx, ngx_http_limit_conn_module). */
const largestLimit = 65_535;

/**
 * Requests with a body, which may take their time, by their client and in all: many that drip would take all places. Connections
 * without a whole header are the firewall's matter.
 */
function senders({ connections: { bodiesPerAddress } }: NginxPlan["tier"], connections: number): string[] {
  return [
    // By its method too: on HTTP/2 a body needs no length.
    ...block('map "$request_method $content_length$http_transfer_encoding" $hotspare_sender', [
      "default $binary_remote_addr;",
      ...["GET", "HEAD", "OPTIONS", "DELETE", "TRACE"].flatMap((method) => [
        `"${method} " "";`,
        `"${method} 0" "";`,
      ]),
    ]),
    ...block("map $hotspare_sender $hotspare_sending", ["default all;", '"" "";']),
    "limit_conn_zone $hotspare_sender zone=senders:10m;",
    "limit_conn_zone $hotspare_sending zone=sending:32k;",
    ...(bodiesPerAddress === null ? [] : [`limit_conn senders ${integer(bodiesPerAddress, 1)};`]),
    `limit_conn sending ${integer(Math.min(Math.floor(connections / 4), largestLimit), 1)};  # a quarter of all connections`,
    "limit_conn_status 429;",
  ];
}

/** @param connections how many the workers can have together */
export function clientSettings(plan: NginxPlan, connections: number): string[] {
  const { tier } = plan;
  return [
    // Taken only by a request that needs them: nginx reads the first 1 KB without.
    `large_client_header_buffers 4 ${integer(tier.headers.requestLimit, 1)};`,
    ...(tier.headers.underscores ? ["underscores_in_headers on;"] : []),
    ...hostSettings(plan),
    // Which nginx it is helps only those who look for holes.
    "server_tokens off;",
    // A client that sends nothing for so long gives its place to others; nginx has 60 s.
    "client_header_timeout 15s;",
    "client_body_timeout 15s;",
    "reset_timedout_connection on;",
    // On HTTP/2 a client could open and reset streams for ever (CVE-2023-44487).
    "keepalive_requests 1000;",
    // Written by hotspare-apply before it gives the address away; else it isn't there, which a pattern bears.
    `include ${leavingFiles};`,
    // nginx's own redirects (a missing last slash) name its port; the client may have come by another one.
    "absolute_redirect off;",
    ...senders(tier, connections),
    // Refused for its rate is not "service unavailable" (503): clients may come again.
    "limit_req_status 429;",
  ];
}

/** A buffer of nginx's beside the first, which holds the header of an answer. */
const bufferSize = 4_096;

/** Room for the header of an answer, and for as much of its body as before. */
export function answerBuffers({ tier }: NginxPlan): string[] {
  const header = tier.headers.answerLimit;
  return [
    `proxy_buffer_size ${integer(header, 1)};`,
    // As many as nginx has by default, and enough that the first, which is as good as two of them, can be on its way out.
    `proxy_buffers ${integer(Math.max(8, Math.ceil(header / bufferSize) + 2))} ${integer(bufferSize)};`,
    `proxy_busy_buffers_size ${integer(header, 1)};`,
  ];
}

export function proxySettings(plan: NginxPlan): string[] {
  return [
    // Only a protocol that keeps connections, and no "Connection: close" from the proxy, let nodes be reached without a
    // new connection per request: three times the throughput.
    "proxy_http_version 1.1;",
    // As many names as there are below fit without a search.
    "proxy_headers_hash_max_size 2048;",
    "proxy_headers_hash_bucket_size 128;",
    ...clientVariables(plan),
    ...lookVariables(plan),
    ...securityVariables(plan),
    ...compression(plan),
    ...nodeHeaders(plan),
    'proxy_set_header Connection "";',
    ...answerBuffers(plan),
    // What a client doesn't take stays with the node beyond this; nginx has 1 GB for each answer.
    "proxy_max_temp_file_size 64m;",
    // A node answers its request and no more: it can't send the request to another location, and so to another pool, nor slow it
    // down. What stays is X-Accel-Buffering, by which servers of events say that nothing may be held back.
    "proxy_ignore_headers X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Charset;",
    // For the connection to the node alone (RFC 9110, 7.6.1). `Upgrade: h2`, which some servers offer with each answer, ends requests of
    // HTTP/2; trailers aren't passed on.
    ...["Proxy-Connection", "Trailer", "Upgrade"].map((name) => `proxy_hide_header ${name};`),
    // Only WebSocket may change the protocol: any other (h2c) would pass requests by the balancer unseen.
    ...block("map $http_upgrade $hotspare_upgrade", ['default "";', "~*^websocket$ websocket;"]),
    ...block("map $hotspare_upgrade $hotspare_connection", ['default "";', "websocket upgrade;"]),
  ];
}
