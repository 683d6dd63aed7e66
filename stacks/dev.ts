import { defineStack } from "../components/model/define.ts";

/** The cluster that `./hotspare up` stands up: a balancer pair, three nodes, a hot and a cold standby, all on one Docker Engine. */
export default defineStack({
  name: "dev",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", count: 2 },
  pools: {
    web: { active: 3, standby: { hot: 1, cold: 1 } },
  },
  routes: [
    { path: "/", pool: "web" },
    // POSTs below it may be sent twice, so none is lost with a node.
    { path: "/idempotent/", pool: "web", idempotent: true },
  ],
});
