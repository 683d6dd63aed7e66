import { block, integer } from "../text.ts";
import { locationPath } from "./location-path.ts";
import type { NginxPlan } from "./plan.ts";
import { sites } from "./sites.ts";
import { luaString } from "./text.ts";

/* Paths that a node might read as another route's: found by Lua, which looks at those only that have anything out of the ordinary. */

/** With one route for all there is no other to be taken for. */
function isStrict({ tier, routes }: NginxPlan): boolean {
  return tier.paths === "strict" && routes.length > 1;
}

/** Capitals, escapes, `\\`, `;`, `#`, several slashes, dots at the beginning of a segment. */
const oddPath = "~^[^?]*([A-Z%;#\\\\]|//|/[.])";

/** Requests without a body: by HTTP/1 those that tell of none. On HTTP/2 a body needs neither a length nor a word about it. */
const bodiless = ["HTTP/1.1 ", "HTTP/1.0 ", "HTTP/1.1 0", "HTTP/1.0 0"];

/**
 * Whether Lua has to look at a request: at its path, or at fields that its `Connection` names; and at its body, where it is read whole.
 * A phase of Lua costs a coroutine, which is several times what these maps cost.
 */
export function lookVariables(plan: NginxPlan): string[] {
  const odd = [
    ...block("map $request_uri $hotspare_odd", ["default 0;", `"${oddPath}" 1;`]),
    ...block("map $hotspare_hops$hotspare_odd $hotspare_look", ["default 1;", "00 0;"]),
  ];
  return [
    ...(isStrict(plan) ? odd : []),
    ...block('map "$server_protocol $content_length$http_transfer_encoding" $hotspare_body', [
      "default 1;",
      ...bodiless.map((value) => `"${value}" 0;`),
    ]),
  ];
}

/**
 * In each location. Of two conditions that hold nginx heeds the second only, so that one has all.
 *
 * @param largest bytes of a body that is read before a node is asked; null where it is passed on as it comes
 */
export function lookedAt(plan: NginxPlan, largest: number | null): string[] {
  const read =
    largest === null
      ? []
      : [`access_by_lua_block { require("hotspare.bodies").read(${integer(largest, 1)}) }`];
  const looks = [
    ...(isStrict(plan) ? ['require("hotspare.paths").check()'] : []),
    'require("hotspare.hops").remove()',
  ];
  return [
    ...(largest === null ? [] : block("if ($hotspare_body)", read)),
    ...block(`if (${isStrict(plan) ? "$hotspare_look" : "$hotspare_hops"})`, [
      ...block("rewrite_by_lua_block", looks),
      ...read,
    ]),
  ];
}

/** The routes, longest first, for Lua; nothing where it has nothing to look for. */
export function luaRoutes(plan: NginxPlan): string[] {
  if (!isStrict(plan)) return [];
  const bySite = sites(plan).map(({ host, routes }) => {
    const paths = routes.map(({ path }) => locationPath(path)).sort((a, b) => b.length - a.length);
    return `[${luaString(host ?? "*")}] = { ${paths.map(luaString).join(", ")} }`;
  });
  return [`routes = { ${bySite.join(", ")} }`];
}
