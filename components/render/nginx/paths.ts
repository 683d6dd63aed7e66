import { block } from "../text.ts";
import { removedHops } from "./headers.ts";
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
const odd = "~^[^?]*([A-Z%;#\\\\]|//|/[.])";

/** Whether Lua has to look at a request: at its path, or at fields that its `Connection` names. */
export function pathVariables(plan: NginxPlan): string[] {
  if (!isStrict(plan)) return [];
  return [
    ...block("map $request_uri $hotspare_odd", ["default 0;", `"${odd}" 1;`]),
    ...block("map $hotspare_hops$hotspare_odd $hotspare_look", ["default 1;", "00 0;"]),
  ];
}

/** In each location. One condition for both: of two that hold nginx would heed the second only. */
export function lookedAt(plan: NginxPlan): string[] {
  if (!isStrict(plan)) return removedHops();
  return block(
    "if ($hotspare_look)",
    block("rewrite_by_lua_block", ['require("hotspare.paths").check()', 'require("hotspare.hops").remove()']),
  );
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
