import type { PoolPlan } from "../../plan/types.ts";
import { block, word } from "../text.ts";
import { tls } from "./nodes.ts";
import type { NginxPlan } from "./plan.ts";

/* Health checks that nginx makes for Lua, whose sockets make all others. */

/** Whether nginx makes the checks of a pool: servers of gRPC want HTTP/2 agreed on (ALPN), which Lua's sockets can't offer. */
const checkedByNginx = ({ health, tls: own }: PoolPlan): boolean =>
  health.protocol === "grpc" && own !== null;

export const checksByNginx = ({ pools }: NginxPlan): boolean => pools.some(checkedByNginx);

/** What the checks that nginx makes are balanced by; Lua names the one member that is asked. */
export function checksUpstream(plan: NginxPlan): string[] {
  if (!checksByNginx(plan)) return [];
  return block("upstream hotspare_checks", [
    "server 0.0.0.1;",
    // No connection is kept: a check is as a new client.
    ...block("balancer_by_lua_block", ['require("hotspare.check").balance()']),
  ]);
}

/** Where Lua asks for those checks. They go to members alone, whoever asks. */
export function checkLocations(plan: NginxPlan): string[] {
  return plan.pools.filter(checkedByNginx).flatMap((pool) =>
    block(`location = /check/${word(pool.name)}`, [
      // Lua knows how long a check may take, and says why one failed.
      "error_log stderr crit;",
      "rewrite ^ /grpc.health.v1.Health/Check break;",
      "grpc_next_upstream off;",
      "grpc_set_header Host $http_host;",
      "grpc_set_header TE trailers;",
      'grpc_set_header X-Hotspare-Member "";',
      // Tells the answer of a node from that of an nginx that has no such location yet.
      "add_header X-Hotspare-Asked yes always;",
      ...tls(pool, "grpc"),
      "grpc_pass grpcs://hotspare_checks;",
    ]),
  );
}
