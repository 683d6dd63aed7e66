import { controlPort, controlSocket, desiredSocket } from "../paths.ts";
import { block, integer } from "../text.ts";

const everywhere = [
  "members",
  "operator",
  "overlay",
  "lease",
  "leaving",
  "status",
  "health",
  "check",
] as const;
type Handler = (typeof everywhere)[number] | "table";

/** What a warden may change. A warden that was taken over can promote standbys, and name no address. */
const wardens: readonly Handler[] = ["overlay"];

/**
 * How the balancer tells of itself and takes changes. Two sockets, since whoever can write members leads all traffic wherever
 * they like: the warden's container has the one, root's processes the other. For reading also on the loopback address.
 *
 * @param checks where nginx makes checks for Lua
 * @param more what only a director is asked
 */
export function controlServers(checks: readonly string[], more: readonly "table"[] = []): string[] {
  const handlers = [...everywhere, ...more];
  const loopback = `127.0.0.1:${integer(controlPort, 1)}`;
  return [
    ...controlServer([`unix:${controlSocket}`, loopback], handlers, wardens, "1m", checks),
    "",
    // The document of members is read from memory, whole.
    ...controlServer([`unix:${desiredSocket}`], handlers, handlers, "8m", asked()),
  ];
}

/**
 * Asks a newcomer as clients' requests will reach it: by nginx, which bears less than other clients do (an informational answer
 * before the final one, a large header). X-Hotspare-Ask has its address, port and path.
 */
function asked(): string[] {
  return block("location = /ask", [
    "proxy_connect_timeout 1s;",
    "proxy_read_timeout 2s;",
    "proxy_next_upstream off;",
    "proxy_set_header Host $http_host;",
    'proxy_set_header Connection "";',
    'proxy_set_header X-Hotspare-Ask "";',
    // Tells the answer of a node from that of a balancer that can't ask.
    "add_header X-Hotspare-Asked yes always;",
    "proxy_pass http://$http_x_hotspare_ask;",
  ]);
}

function controlServer(
  listening: readonly string[],
  handlers: readonly Handler[],
  changed: readonly Handler[],
  largest: string,
  more: readonly string[] = [],
): string[] {
  return block("server", [
    ...listening.map((where) => `listen ${where};`),
    "server_name control;",
    // Both listeners are local; said once more, so that another listener added by hand would not open it.
    "allow 127.0.0.1;",
    "allow unix:;",
    "deny all;",
    // Asked several times a second, by machines only.
    "access_log off;",
    `client_max_body_size ${largest};`,
    `client_body_buffer_size ${largest};`,
    ...handlers.flatMap((name) =>
      block(
        `location = /${name}`,
        block("content_by_lua_block", [`require("hotspare.control").${name}(${changed.includes(name)})`]),
      ),
    ),
    ...more,
    ...block("location = /nginx", ["stub_status;"]),
    ...block("location /", ["return 404;"]),
  ]);
}
