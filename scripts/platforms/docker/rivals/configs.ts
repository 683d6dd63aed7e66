/* What one would write by hand in place of what the kit renders. */

const servers = (nodes: readonly string[], line: (node: string, index: number) => string) =>
  nodes.map(line).join("\n");

/** As the beginning of every tutorial has it. */
export const plainNginx = (nodes: readonly string[]) => `worker_processes 1;
pid /tmp/nginx.pid;
events { worker_connections 8192; }
http {
  upstream web {
${servers(nodes, (node) => `    server ${node};`)}
  }
  access_log /dev/stdout;
  server {
    listen 80;
    location / { proxy_pass http://web; }
  }
}
`;

/** With the logs, the headers and the number of workers that the kit's has, and everything that makes nginx quicker. */
export const tunedNginx = (nodes: readonly string[]) => `user www-data;
worker_processes 1;
worker_rlimit_nofile 16384;
pcre_jit on;
pid /tmp/nginx.pid;
events { worker_connections 8192; }
http {
  upstream web {
${servers(nodes, (node) => `    server ${node} max_fails=2 fail_timeout=2s;`)}
    keepalive 256;
    keepalive_requests 1000000;
  }
  log_format json escape=json '{"time":"$time_iso8601","id":"$request_id","client":"$remote_addr","method":"$request_method","host":"$host","uri":"$uri","protocol":"$server_protocol","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,"node":"$upstream_addr","nodeStatus":"$upstream_status","nodeConnect":"$upstream_connect_time","nodeHeader":"$upstream_header_time","nodeSeconds":"$upstream_response_time"}';
  access_log /dev/stdout json buffer=4k flush=1s;
  keepalive_requests 1000;
  limit_conn_zone $binary_remote_addr zone=senders:10m;
  limit_conn senders 4096;
  server_tokens off;
  server {
    listen 80 reuseport;
    location / {
      proxy_pass http://web;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $host;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Request-ID $request_id;
      proxy_next_upstream error timeout;
      proxy_next_upstream_tries 3;
    }
  }
}
`;

export const haproxy = (nodes: readonly string[]) => `global
  log stdout format raw local0
  nbthread 1
  maxconn 8192
defaults
  mode http
  log global
  option httplog
  option forwardfor
  option http-keep-alive
  http-reuse always
  retries 3
  timeout connect 250ms
  timeout client 60s
  timeout server 60s
frontend clients
  bind :80
  unique-id-format %{+X}o%ci%cp%fi%fp%Ts%rt
  unique-id-header X-Request-ID
  http-request set-header X-Forwarded-Proto http
  default_backend web
backend web
  balance roundrobin
  option httpchk GET /readyz
${servers(nodes, (node, index) => `  server web-${index + 1} ${node} check inter 200 fall 2 rise 2`)}
`;
