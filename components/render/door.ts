import { runFolder } from "./paths.ts";
import { banner, block, file, paragraphs } from "./text.ts";

/**
 * entry.conf of a door, an nginx of one worker, whatever tier it stands before.
 *
 * @param sections what it passes on, each the lines of a block
 */
export function doorConfig(cluster: string, ...sections: readonly (readonly string[])[]): string {
  return file(
    paragraphs(
      [banner(`entry.conf of the door of cluster ${cluster}`)],
      [
        "include /etc/nginx/modules-enabled/*.conf;",
        "user www-data;",
        "worker_processes 1;",
        "worker_rlimit_nofile 8192;",
        `pid ${runFolder}/nginx.pid;`,
        "error_log stderr warn;",
      ],
      block("events", ["worker_connections 4096;"]),
      ...sections,
    ),
  );
}
