import { defineStack } from "../components/model/define.ts";

/** Both layers on one Docker Engine: two directors forward to three nginx balancers, all of which serve, in front of three nodes and a hot standby. */
export default defineStack({
  name: "layers",
  environment: "development",
  platform: { kind: "docker" },
  balancer: {
    kind: "lvs",
    behind: { kind: "nginx", count: 3 },
  },
  pools: {
    web: { active: 3, standby: { hot: 1 } },
  },
  routes: [
    { path: "/", pool: "web" },
    { path: "/idempotent", pool: "web", idempotent: true },
  ],
});
