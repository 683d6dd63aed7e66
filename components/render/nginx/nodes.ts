import type { PoolPlan, RenderedFile, RoutePlan } from "../../plan/types.ts";
import { integer, textFile, word } from "../text.ts";
import { nodeHeaders } from "./headers.ts";
import type { NginxPlan } from "./plan.ts";
import { milliseconds } from "./text.ts";
import { upstreamName } from "./upstreams.ts";

/* How nodes are spoken to: HTTP or gRPC, in clear or over TLS. */

/** Certificates, any of which may have signed those of a pool's nodes. */
const authorityFile = (pool: string): string => `tls/nodes-${word(pool)}.crt`;

/** The same of all pools together: the checks know one such file. */
const authoritiesFile = "tls/nodes.crt";

/** nginx's modules for the two protocols have the same directives by different first words. */
const moduleOf = ({ protocol }: PoolPlan): "grpc" | "proxy" => (protocol === "grpc" ? "grpc" : "proxy");

function poolOf(plan: NginxPlan, name: string): PoolPlan {
  const pool = plan.pools.find((one) => one.name === name);
  if (pool === undefined) throw new Error(`${plan.cluster}: there is no pool ${name}`);
  return pool;
}

/** Time limits and the next node of a route, by the words of the module that speaks with its pool. */
export function patience(plan: NginxPlan, route: RoutePlan, silence: number): string[] {
  const module = moduleOf(poolOf(plan, route.pool));
  return [
    // nginx's own 60 s would hold every request to a lost node for that long.
    `${module}_connect_timeout ${milliseconds(route.connectTimeout)};`,
    `${module}_read_timeout ${milliseconds(silence)};`,
    `${module}_send_timeout ${milliseconds(silence)};`,
  ];
}

/** The words by which the module of a route's pool tries the next node. */
export function nextNode(plan: NginxPlan, route: RoutePlan): string {
  return `${moduleOf(poolOf(plan, route.pool))}_next_upstream`;
}

/** What is particular to the protocol of a route's pool; what is said of `proxy` in general doesn't hold for gRPC. */
export function spoken(plan: NginxPlan, route: RoutePlan): string[] {
  const pool = poolOf(plan, route.pool);
  return [...(pool.protocol === "grpc" ? grpc(plan) : []), ...tls(pool, moduleOf(pool))];
}

function grpc(plan: NginxPlan): string[] {
  return [
    ...nodeHeaders(plan).map((line) => line.replace(/^proxy_/, "grpc_")),
    `grpc_buffer_size ${integer(plan.tier.headers.answerLimit, 1)};`,
    "grpc_ignore_headers X-Accel-Redirect X-Accel-Charset;",
  ];
}

/** TLS to the nodes of a pool, by the words of the module that speaks it; nothing in clear. */
export function tls(pool: PoolPlan, module: "grpc" | "proxy"): string[] {
  if (pool.tls === null) return [];
  const { name, authority } = pool.tls;
  return [
    `${module}_ssl_protocols TLSv1.2 TLSv1.3;`,
    ...(name === null ? [] : [`${module}_ssl_server_name on;`, `${module}_ssl_name ${word(name)};`]),
    ...(authority === null
      ? []
      : [
          `${module}_ssl_verify on;`,
          `${module}_ssl_verify_depth 4;`,
          `${module}_ssl_trusted_certificate ${authorityFile(pool.name)};`,
        ]),
  ];
}

/** Where a route's requests go. */
export function passed(plan: NginxPlan, route: RoutePlan): string {
  const pool = poolOf(plan, route.pool);
  const scheme = pool.protocol === "grpc" ? "grpc" : "http";
  return `${moduleOf(pool)}_pass ${scheme}${pool.tls === null ? "" : "s"}://${upstreamName(pool.name)};`;
}

const withAuthority = (plan: NginxPlan) =>
  plan.pools.flatMap(({ name, tls: own }) =>
    own === null || own.authority === null ? [] : [{ name, authority: `${own.authority.trim()}\n` }],
  );

/** For the checks, which are made by Lua. */
export function checkAuthorities(plan: NginxPlan): string[] {
  return withAuthority(plan).length === 0
    ? []
    : [`lua_ssl_trusted_certificate ${authoritiesFile};`, "lua_ssl_verify_depth 4;"];
}

/** Files of the authorities, in the plan's order. */
export function authorityFiles(plan: NginxPlan): RenderedFile[] {
  const all = withAuthority(plan);
  if (all.length === 0) return [];
  return [
    textFile(authoritiesFile, all.map(({ authority }) => authority).join("")),
    ...all.map(({ name, authority }) => textFile(authorityFile(name), authority)),
  ];
}
