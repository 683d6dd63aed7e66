import type { PoolPlan } from "../../plan/types.ts";
import { block, integer, paragraphs, word } from "../text.ts";
import type { NginxPlan } from "./plan.ts";
import { luaString, milliseconds } from "./text.ts";

/** One upstream a pool. Lua picks the member for every try; which members there are is in members.json. */
export function upstreams(plan: NginxPlan): string[] {
  return paragraphs(...plan.pools.map((pool) => upstream(plan, pool)));
}

/** Name of a pool's upstream. */
export function upstreamName(pool: string): string {
  return `pool_${word(pool)}`;
}

function upstream(plan: NginxPlan, pool: PoolPlan): string[] {
  const members = plan.nodes.filter((node) => node.pool === pool.name).length;
  return block(`upstream ${upstreamName(pool.name)}`, [
    "server 0.0.0.1;  # never used: nginx wants one, Lua names the real ones",
    ...block("balancer_by_lua_block", [`require("hotspare.balancer").balance(${luaString(pool.name)})`]),
    // After the Lua block, or it has no effect. Idle connections per worker: two for each member. In powers of two, so
    // that one more member doesn't change this file: that would be a reload.
    `keepalive ${integer(2 ** Math.ceil(Math.log2(Math.max(32, members) * 2)), 1)};`,
    "keepalive_requests 10000;",
    // Shorter than the server's own idle time: the side that closes first must be the one that sends, or a request meets a
    // connection that is just being closed.
    `keepalive_timeout ${milliseconds(pool.keepAlive)};`,
  ]);
}
