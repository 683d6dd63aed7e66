import { defineStack } from "../components/model/define.ts";

/**
 * A rehearsal of production on AWS at a small price: two zones, one NAT gateway, Graviton machines that burst. A stopped
 * standby waits in the group's warm pool, a running one in a group of its own.
 */
export default defineStack({
  name: "shop-staging",
  environment: "staging",
  platform: {
    kind: "aws",
    region: "eu-central-1",
    vpc: { kind: "own", nat: "one" },
    instanceType: "t4g.small",
    tags: { "cost-center": "shop" },
  },
  network: { subnet: "10.80.0.0/22" },
  balancer: { kind: "nginx", count: 2 },
  pools: {
    web: { active: 2, standby: { hot: 1, cold: 1 } },
  },
  protect: true,
});
