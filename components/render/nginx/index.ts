import type { BalancerService } from "../../plan/groups/types.ts";
import type { BalancerPlan } from "../../plan/types.ts";
import { runFolder } from "../paths.ts";
import { banner, block, file, integer, paragraphs } from "../text.ts";
import { checkLocations, checksUpstream } from "./checks.ts";
import { controlServers } from "./control.ts";
import { clientSettings, logging, luaSettings, proxySettings } from "./http.ts";
import { rateLimitZones } from "./locations.ts";
import type { NginxPlan } from "./plan.ts";
import { directorsServer, healthServer, servers } from "./servers.ts";
import { teachingServer } from "./teaching.ts";
import { upstreams } from "./upstreams.ts";

/**
 * Seconds that an old worker may go on with its requests after a reload. Long enough for slow answers; not endless, or
 * every reload under open WebSockets would leave one more worker behind.
 */
export const shutdownSeconds = 60;

/** What nginx has to know of the machine that it runs on. */
export type NginxMachine = Pick<BalancerPlan, "key" | "cpus" | "memory">;

/** A machine behind a balancer of the platform's. */
export interface BehindFront {
  /** Where that one asks whether this one can serve. */
  readonly health: BalancerService["health"];
  /** File of the access log: systemd gives services no standard output that can be opened by a name. */
  readonly accessLog: string;
}

/**
 * nginx.conf of one balancer, for nginx 1.26 with the Lua module.
 *
 * @param behind null where nothing is in front, in a container
 */
export function renderNginx(
  plan: NginxPlan,
  balancer: NginxMachine,
  behind: BehindFront | null = null,
): string {
  return file(
    paragraphs(
      [banner(`nginx.conf of ${balancer.key} in cluster ${plan.cluster}`)],
      mainSettings(balancer),
      block("events", events(balancer)),
      block(
        "http",
        paragraphs(
          luaSettings(plan, balancer, shutdownSeconds),
          logging(plan, behind?.accessLog ?? "/dev/stdout"),
          clientSettings(plan, workers(balancer) * connections(balancer)),
          proxySettings(plan),
          rateLimitZones(plan),
          upstreams(plan),
          checksUpstream(plan),
          servers(plan),
          behind === null ? [] : healthServer(behind.health),
          plan.directors === undefined ? [] : directorsServer(plan.directors),
          controlServers(checkLocations(plan)),
          teachingServer(plan, balancer.key),
        ),
      ),
    ),
  );
}

function mainSettings(balancer: NginxMachine): string[] {
  return [
    "include /etc/nginx/modules-enabled/*.conf;",
    "user www-data;",
    // "auto" counts the host's cores and knows nothing of a container's limit: too many workers take turns on few cores.
    `worker_processes ${integer(workers(balancer), 1)};  # the CPU limit, rounded up`,
    // Twice the connections: each may need a temporary file besides its socket.
    `worker_rlimit_nofile ${integer(connections(balancer) * 2, 1)};`,
    `worker_shutdown_timeout ${integer(shutdownSeconds, 1)}s;`,
    `pid ${runFolder}/nginx.pid;`,
    // One regular expression a request, compiled.
    "pcre_jit on;",
    // Not a path: a worker could not open one that leads to root's pipe.
    "error_log stderr notice;",
  ];
}

function events(balancer: NginxMachine): string[] {
  return [
    `worker_connections ${integer(connections(balancer), 1)};  # as many as the memory limit can carry`,
  ];
}

function workers(balancer: NginxMachine): number {
  return Math.max(1, Math.ceil(balancer.cpus));
}

/**
 * Connections a worker: a request has two (client and node) and about 64 KB of buffers, so 32 KB each. Beyond what memory
 * carries the kernel would kill nginx; refusing is better. A power of two from 1,024 (nginx has 512) to 16,384.
 */
function connections(balancer: NginxMachine): number {
  const fitting = balancer.memory / workers(balancer) / 32_768;
  return 2 ** Math.min(14, Math.max(10, Math.floor(Math.log2(fitting))));
}
