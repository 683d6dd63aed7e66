import type { BalancerPlan } from "../../plan/types.ts";
import { virtualAddressOf } from "../../plan/virtual-address.ts";
import { controlServers } from "../nginx/control.ts";
import { shutdownSeconds } from "../nginx/index.ts";
import { luaString } from "../nginx/text.ts";
import { luaFolder, membersFile, runFolder } from "../paths.ts";
import { banner, block, file, integer, paragraphs, word } from "../text.ts";
import type { LvsPlan } from "./plan.ts";

/** Seconds beyond the roll-out's own that a connection may stay at a node which has left. */
const afterDrain = 10;

/**
 * nginx.conf of a director: its control program. It listens for nobody's clients; members, checks, overlay, lease and status are those
 * of a balancer that reads requests, by the same code, so that a warden finds here what it finds there.
 */
export function renderControl(plan: LvsPlan, { key }: BalancerPlan, card: string): string {
  const { cluster, network, rollout, tier } = plan;
  const options = [
    `cluster = ${luaString(cluster)}`,
    `balancer = ${luaString(key)}`,
    `virtual_address = ${luaString(virtualAddressOf(plan))}`,
    `members = ${luaString(membersFile)}`,
    // Also read by hotspare-apply, which has to know when it changes.
    `members_in = ${luaString(network.subnet)}`,
    `vrrp = ${luaString(`${runFolder}/vrrp`)}`,
    `shutdown = ${integer(shutdownSeconds, 1)}`,
    `drain = ${integer(Math.ceil(rollout.drain / 1000) + afterDrain)}`,
    ...(tier.givenUpAfter === undefined ? [] : [`given_up = ${integer(tier.givenUpAfter / 1000)}`]),
    `sync = { id = ${integer(tier.failover.routerId, 1)}, card = ${luaString(word(card))} }`,
  ];
  return file(
    paragraphs(
      [banner(`nginx.conf of ${key} in cluster ${cluster}: the control program of a director`)],
      [
        "include /etc/nginx/modules-enabled/*.conf;",
        "user www-data;",
        "worker_processes 1;",
        "worker_rlimit_nofile 4096;",
        `worker_shutdown_timeout ${integer(shutdownSeconds, 1)}s;`,
        `pid ${runFolder}/nginx.pid;`,
        "error_log stderr notice;",
      ],
      // Checks of some hundred nodes at a time, and who asks.
      block("events", ["worker_connections 2048;"]),
      block(
        "http",
        paragraphs(
          [
            `lua_package_path "${luaFolder}/?.lua;${luaFolder}/?/init.lua;;";`,
            // As large as where requests are read: the same documents.
            "lua_shared_dict hotspare_members 8m;",
            "lua_shared_dict hotspare_health 8m;",
            "lua_shared_dict hotspare_flight 4m;",
            "lua_shared_dict hotspare_learned 1m;",
            "lua_socket_log_errors off;",
            ...block("init_by_lua_block", [
              'require("hotspare.routes").set({})',
              `require("hotspare").setup({ ${options.join(", ")} })`,
            ]),
            ...block("init_worker_by_lua_block", ['require("hotspare").start()']),
          ],
          controlServers([], ["table"]),
        ),
      ),
    ),
  );
}
