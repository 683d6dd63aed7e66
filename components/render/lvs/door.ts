import type { DoorPlan, DoorService } from "../../plan/types.ts";
import { virtualAddressOf } from "../../plan/virtual-address.ts";
import { doorConfig } from "../door.ts";
import { block, integer, paragraphs, word } from "../text.ts";
import type { LvsPlan } from "./plan.ts";

/** A connection that nobody takes is tried again so long: longer than any move of the virtual address. Milliseconds. */
const connectTimeout = 4_000;

/** How long a client of UDP that is silent keeps its port. */
const udpSilence = 300;

/** entry.conf of the door: passes every service on as it comes. Nodes see the door's address. */
export function renderEntry(plan: LvsPlan, door: DoorPlan): string {
  const services = (door.services ?? []).map((service) => passed(plan, service));
  return doorConfig(plan.cluster, block("stream", paragraphs(...services)));
}

function passed(plan: LvsPlan, { protocol, port }: DoorService): string[] {
  const at = integer(port, 1);
  return block("server", [
    `listen ${at}${protocol === "udp" ? " udp reuseport" : ""};`,
    `proxy_connect_timeout ${integer(connectTimeout)}ms;`,
    ...(protocol === "udp"
      ? [`proxy_timeout ${integer(udpSilence)}s;`]
      : ["proxy_timeout 1h;", "proxy_socket_keepalive on;"]),
    `proxy_pass ${word(virtualAddressOf(plan))}:${at};`,
  ]);
}
