import { loadStack } from "../../components/model/define.ts";
import { plan } from "../../components/plan/plan.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import { contextFor } from "./plan-any.ts";

/** Plans a stack with fixed images and owner, so that the same stack gives the same files everywhere. */
export function planOf(stack: unknown): ClusterPlan {
  const context = contextFor(stack as { readonly pools: object }, "0123456789abcdef");
  return plan(loadStack("test", stack), context);
}

const docker = { kind: "docker" } as const;
const network = { subnet: "10.77.2.0/23" } as const;

/** Small: what `./hotspare up` makes. */
export const developmentStack = {
  name: "dev",
  environment: "development",
  platform: docker,
  network,
  pools: { web: { active: 3, standby: { hot: 1, cold: 1 } } },
};

/** The same pool by TCP, behind directors. */
export const forwardedStack = {
  ...developmentStack,
  balancer: { kind: "lvs", services: [{ port: 8080, pool: "web" }] },
};

/** The same pool behind three balancers that read requests, to all of which two directors forward. */
export const layeredStack = {
  ...developmentStack,
  balancer: { kind: "lvs", behind: { kind: "nginx", listen: { tls: {} } } },
};

/** A bit of everything: TLS, two pools, weights, limits, routes of every kind. */
export const stagingStack = {
  name: "staging",
  environment: "staging",
  platform: docker,
  network,
  balancer: {
    kind: "nginx",
    listen: {
      tls: {
        certificate: { kind: "self-signed", names: ["localhost", "staging.example.test"] },
        redirect: true,
      },
    },
    failover: { advertise: "30 ms", preempt: true, routerId: 77 },
    bodyLimit: "10 MB",
    rateLimit: { perSecond: 500, burst: 200 },
    trustedProxies: ["192.0.2.0/24"],
    cpus: 1.5,
    memory: "512 MB",
  },
  pools: {
    web: { active: 4, standby: { hot: 1, cold: 1 }, weights: { "web-1": 3, "web-2": 2 } },
    api: {
      active: 3,
      algorithm: { kind: "consistent-hash", key: "header:X-User" },
      health: { interval: "1 s" },
    },
  },
  routes: [
    { path: "/", pool: "web" },
    { path: "/api/", pool: "api", readTimeout: "2 s" },
    { path: "/api/orders/", pool: "api", idempotent: true, rateLimit: { perSecond: 10, burst: 0 } },
    { path: "/api/stream/", pool: "api", streaming: true },
    { path: "/once/", pool: "web", tries: 1 },
  ],
  acknowledge: [{ code: "platform.docker-single-host", reason: "a test stack that never runs" }],
};

/** A certificate from Pulumi config, both ports in use, one balancer, ports that aren't the usual ones. */
export const givenCertificateStack = {
  name: "given",
  environment: "development",
  platform: docker,
  network,
  balancer: {
    kind: "nginx",
    count: 1,
    listen: {
      http: 8000,
      tls: {
        port: 8443,
        certificate: {
          kind: "given",
          certificate: { secret: "tls-certificate" },
          key: { secret: "tls-key" },
        },
        redirect: false,
      },
    },
  },
  pools: { web: { active: 2, algorithm: { kind: "two-choices" } } },
};
