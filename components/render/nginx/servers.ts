import type { BalancerService } from "../../plan/groups/types.ts";
import type { TlsPlan } from "../../plan/tiers/common.ts";
import type { DirectorsPlan } from "../../plan/types.ts";
import { block, integer, paragraphs, word } from "../text.ts";
import { addedHeaders, ownErrors } from "./answers.ts";
import { ownProxies, schemeOf } from "./headers.ts";
import { locations } from "./locations.ts";
import type { NginxPlan } from "./plan.ts";
import { hostName, sites } from "./sites.ts";
import { nginxString } from "./text.ts";
import { tlsSettings } from "./tls.ts";

/**
 * Of every listening socket: its own for each worker (the kernel spreads connections, and no worker wakes for nothing),
 * and a queue as long as Linux allows by default (nginx has 511), so that a burst waits and isn't refused.
 */
const socketOptions = "default_server reuseport backlog=4096";

/** By a variable, which costs no coroutine: a phase of Lua would take one for each request. The page for errors knows the rest. */
const closed = [
  ...block("set_by_lua_block $hotspare_closed", ['return require("hotspare.maintenance").closes()']),
  ...block("if ($hotspare_closed)", ["return 503;"]),
];

const refusedUnheard = block("if ($hotspare_unheard)", ["return 400;"]);

/** The servers that clients talk to, one for each host with routes; with TLS and redirect one more, which sends clients to those. */
export function servers(plan: NginxPlan): string[] {
  const { tls, httpPort } = plan.tier;
  const plain = { port: httpPort, ssl: "", proxies: plan.tier.trustedProxies, tls: null };
  if (tls === null) return listener(plan, plain);
  const ssl = tls.end.at === "front" ? "" : " ssl";
  // The door passes TLS on unopened: what stands in it was written by the client.
  const secure = listener(plan, { port: tls.port, ssl, proxies: ownProxies(plan), tls });
  if (!tls.redirect) return paragraphs(listener(plan, plain), secure);
  const redirect = `return 308 https://$host${tls.port === 443 ? "" : `:${integer(tls.port, 1)}`}$request_uri;`;
  // A proxy in front may have ended TLS already.
  const first = ownProxies(plan).length > 0;
  return paragraphs(
    first
      ? listener(plan, plain, block(`if (${schemeOf(plan)} = http)`, [redirect]))
      : block("server", [
          `listen ${integer(httpPort, 1)} ${socketOptions};`,
          serverName(plan, null),
          ...refusedUnheard,
          redirect,
        ]),
    secure,
  );
}

/** A port that clients come by. */
interface Listener {
  readonly port: number;
  /** What `listen` says of TLS. */
  readonly ssl: string;
  /** Proxies that are believed there. */
  readonly proxies: readonly string[];
  /** Null where it is plain. */
  readonly tls: TlsPlan | null;
}

function listener(plan: NginxPlan, { port, ssl, proxies, tls }: Listener, more: string[] = []): string[] {
  const all = sites(plan);
  return paragraphs(
    ...all.map((site) => {
      const options = site.host === null ? ` ${socketOptions}` : "";
      return block(
        "server",
        paragraphs(
          [
            `listen ${integer(port, 1)}${ssl}${options};`,
            serverName(plan, site.host),
            ...refusedUnheard,
            // While a person has clients kept out.
            ...closed,
            ...(tls === null ? [] : tlsSettings(tls)),
            ...more,
            ...addedHeaders(plan, tls),
            // By which Lua knows the routes.
            ...(all.length > 1 ? [`set $hotspare_site ${nginxString(site.host ?? "*")};`] : []),
          ],
          realAddress(proxies),
          ownErrors(),
          locations(plan, site),
        ),
      );
    }),
  );
}

/** The host; for all others what a request without Host (HTTP/1.0) is taken to have asked for. */
function serverName({ network, cluster }: NginxPlan, host: string | null): string {
  return `server_name ${host === null ? word(network.virtualAddress ?? cluster) : hostName(host)};`;
}

/**
 * Answers 200 whenever nginx answers at all. Whether nodes are well plays no part: with all of them lost every balancer would
 * count as unhealthy, and their group would replace machines that nothing is wrong with.
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

/** Tells the directors whether new connections may come. Nobody else asks: who could would only learn what a request tells as well. */
export function directorsServer({ health: { port, path }, machines }: DirectorsPlan): string[] {
  return block("server", [
    `listen ${integer(port, 1)};`,
    "server_name directors;",
    ...machines.map(({ address }) => `allow ${word(address)};`),
    "deny all;",
    "access_log off;",
    ...block(`location = ${nginxString(path)}`, [
      ...block("content_by_lua_block", ['require("hotspare.leaving").tell()']),
    ]),
    ...block("location /", ["return 404;"]),
  ]);
}

/** The client's address as a trusted proxy tells it. From anybody else the header is only a claim. */
function realAddress(proxies: readonly string[]): string[] {
  if (proxies.length === 0) return [];
  return [
    ...proxies.map((proxy) => `set_real_ip_from ${word(proxy)};`),
    "real_ip_header X-Forwarded-For;",
    // From the right, past all trusted ones: what stands left of them came from the client.
    "real_ip_recursive on;",
  ];
}
