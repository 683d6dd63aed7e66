import { defineStack } from "../../../components/model/define.ts";

/** A chat by WebSocket: whoever loses a node is at another one at once, and misses nothing. */
export default defineStack({
  name: "chat",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", count: 2 },
  accessories: {
    redis: {
      image: { kind: "build", context: "stacks/examples/chat/redis" },
      volumes: { data: { path: "/var/lib/redis" } },
      ready: { command: ["redis-cli", "ping"] },
    },
  },
  pools: {
    web: {
      image: { kind: "build", context: "stacks/examples/chat/app" },
      environment: { REDIS_HOST: "redis", RELEASE: "1" },
      active: 2,
      standby: { hot: 1 },
      health: { interval: "500 ms", timeout: "400 ms" },
    },
  },
  routes: [{ path: "/", pool: "web", streaming: true }],
  // A conversation doesn't end by itself: who is still at an old node then is taken to a new one.
  rollout: { drain: "2 s" },
});
