import type { NginxSpec } from "../../../model/spec.ts";
import type { TierPlanner } from "../contract.ts";
import { balancersLost } from "./balancer-faults.ts";
import { clientFaults } from "./client-faults.ts";
import { nodesLost } from "./node-faults.ts";
import { planRoutes } from "./routes.ts";
import { planTls, tlsSecrets } from "./tls.ts";

/** A tier of nginx. */
export const nginxPlanner: TierPlanner<NginxSpec> = {
  tier: (
    {
      listen,
      failover,
      bodyLimit,
      compression,
      paths,
      headers,
      connections,
      logs,
      trustedProxies,
      cpus,
      memory,
    },
    { addresses, proxies },
  ) => ({
    kind: "nginx",
    httpPort: listen.http,
    tls: listen.tls === null ? null : planTls(listen.tls, addresses),
    failover,
    bodyLimit,
    compression,
    paths,
    headers,
    connections,
    logs,
    trustedProxies: [...proxies, ...trustedProxies],
    cpus,
    memory,
  }),
  image: "balancer",
  routes: planRoutes,
  mainPool: ({ routes }) => routes.find(({ host, path }) => host === null && path === "/")?.pool ?? null,
  nodeFaults: nodesLost,
  balancerFaults: balancersLost,
  clientFaults,
  doorPorts: ({ door, listen }, derive) => {
    const derived = derive();
    return {
      httpPort: door.http === "auto" ? derived.http : door.http,
      tlsPort: listen.tls === null ? null : door.tls === "auto" ? derived.tls : door.tls,
    };
  },
  secrets: ({ listen }) => (listen.tls === null ? [] : tlsSecrets(listen.tls)),
};
