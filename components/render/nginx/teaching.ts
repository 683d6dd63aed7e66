import { sharedAddressOf } from "../../plan/virtual-address.ts";
import { peerPort } from "../paths.ts";
import { block, integer, word } from "../text.ts";
import type { NginxPlan } from "./plan.ts";
import { luaString } from "./text.ts";

/*
 * How a balancer that stands by hears what the one with the virtual address has learned of the routes.
 */

/** The addresses of those beside a balancer, and the one that they share; null where it is alone, or the platform's own balancer shares the traffic. */
function placed(plan: NginxPlan, key: string): { peers: string[]; virtual: string } | null {
  if (!plan.balancers.some((balancer) => balancer.key === key)) return null;
  const peers = plan.balancers.filter((balancer) => balancer.key !== key).map(({ address }) => address);
  const virtual = sharedAddressOf(plan);
  return peers.length === 0 || virtual === null ? null : { peers, virtual };
}

/** For nginx's start. */
export function teaching(plan: NginxPlan, key: string): string[] {
  const place = placed(plan, key);
  if (place === null) return [];
  const fields = [
    `port = ${integer(peerPort, 1)}`,
    `virtual_address = ${luaString(place.virtual)}`,
    `peers = { ${place.peers.map(luaString).join(", ")} }`,
  ];
  return [`require("hotspare.teaching").setup({ ${fields.join(", ")} })`];
}

/** Where its peers ask. */
export function teachingServer(plan: NginxPlan, key: string): string[] {
  const place = placed(plan, key);
  if (place === null) return [];
  return block("server", [
    // Not at its own address alone: its files are also tested where that isn't.
    `listen ${integer(peerPort, 1)};`,
    "server_name peers;",
    ...place.peers.map((peer) => `allow ${word(peer)};`),
    "deny all;",
    "access_log off;",
    ...block("location = /learned", block("content_by_lua_block", ['require("hotspare.teaching").tell()'])),
    ...block("location /", ["return 404;"]),
  ]);
}
