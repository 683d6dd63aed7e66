import { defineStack } from "../components/model/define.ts";

/**
 * Production on AWS: three zones, a NAT gateway in each, TLS with a certificate on the balancers, a pool that grows with its
 * load and one whose standbys stand apart.
 */
export default defineStack({
  name: "shop",
  environment: "production",
  platform: {
    kind: "aws",
    region: "eu-central-1",
    zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
    vpc: { kind: "own", nat: "per-zone", flowLogs: 30 },
    instanceType: "m7g.large",
    balancerType: "c7g.large",
    disk: "16 GB",
    pools: {
      web: {
        scaling: { max: 12, targets: [{ kind: "cpu", percent: 60 }] },
        placement: "spread",
      },
    },
    monitoring: { notify: ["operations@example.com"], logDays: 90 },
    tags: { "cost-center": "shop" },
  },
  network: { subnet: "10.84.0.0/20" },
  balancer: {
    kind: "nginx",
    count: 3,
    listen: {
      tls: {
        certificate: {
          kind: "given",
          certificate: { secret: "tls-certificate" },
          key: { secret: "tls-key" },
        },
      },
    },
    rateLimit: { perSecond: 200, burst: 400 },
  },
  pools: {
    web: { active: 6, standby: { hot: 2, cold: 3 } },
    api: { active: 3, standby: { hot: 1, cold: 1 }, algorithm: { kind: "least-connections" } },
  },
  routes: [
    { path: "/", pool: "web" },
    { path: "/api/", pool: "api", readTimeout: "2 s" },
    { path: "/api/orders/", pool: "api", idempotent: true },
  ],
  protect: true,
});
