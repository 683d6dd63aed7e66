import { defineStack } from "../components/model/define.ts";

/** A rehearsal of production on one Docker Engine: two pools, weights, TLS, limits and routes with patience of their own. */
export default defineStack({
  name: "staging",
  environment: "staging",
  platform: { kind: "docker" },
  balancer: {
    kind: "nginx",
    count: 2,
    listen: {
      tls: {
        certificate: { kind: "self-signed", names: ["localhost", "staging.example.test"] },
        redirect: true,
      },
    },
    bodyLimit: "10 MB",
    rateLimit: { perSecond: 500, burst: 200 },
  },
  pools: {
    web: {
      active: 4,
      standby: { hot: 1, cold: 1 },
      algorithm: { kind: "weighted-round-robin" },
      weights: { "web-1": 3, "web-2": 2 },
    },
    api: {
      active: 3,
      standby: { hot: 1 },
      algorithm: { kind: "least-connections" },
    },
  },
  routes: [
    { path: "/", pool: "web" },
    { path: "/api/", pool: "api", readTimeout: "2 s" },
    { path: "/api/orders/", pool: "api", idempotent: true },
    { path: "/api/stream/", pool: "api", streaming: true },
  ],
  acknowledge: [
    { code: "platform.docker-single-host", reason: "a rehearsal: the host's loss is not what it is for" },
  ],
});
