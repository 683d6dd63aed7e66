import { controlPort, controlSocket } from "../paths.ts";
import { block, integer } from "../text.ts";

const handlers = ["members", "overlay", "lease", "leaving", "status", "health"] as const;

/**
 * How the balancer tells of itself and takes changes: on a unix socket, whose folder is closed to others, and for reading
 * on the loopback address.
 */
export function controlServer(): string[] {
  return block("server", [
    `listen unix:${controlSocket};`,
    `listen 127.0.0.1:${integer(controlPort, 1)};`,
    "server_name control;",
    // Both listeners are local; said once more, so that another listener added by hand would not open it.
    "allow 127.0.0.1;",
    "allow unix:;",
    "deny all;",
    // Asked several times a second, by machines only.
    "access_log off;",
    // The document of members is read from memory, whole.
    "client_max_body_size 8m;",
    "client_body_buffer_size 8m;",
    ...handlers.flatMap((name) =>
      block(`location = /${name}`, block("content_by_lua_block", [`require("hotspare.control").${name}()`])),
    ),
    ...block("location = /nginx", ["stub_status;"]),
    ...block("location /", ["return 404;"]),
  ]);
}
