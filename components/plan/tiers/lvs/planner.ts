import type { AlgorithmKind } from "../../../model/algorithms.ts";
import { own } from "../../../model/own.ts";
import type { LvsSpec, PoolSpec } from "../../../model/spec.ts";
import type { Around, TierPlanner } from "../contract.ts";
import { balancersLost } from "./balancer-faults.ts";
import { nodesLost } from "./node-faults.ts";
import type { LvsTierPlan, ServicePlan } from "./types.ts";

type Scheduler = ServicePlan["scheduler"];

/** What comes nearest to each algorithm of pools; those that have none are refused (the tier's traits). */
const schedulers: Readonly<Partial<Record<AlgorithmKind, Scheduler>>> = {
  "weighted-round-robin": "wrr",
  "round-robin": "rr",
  "least-connections": "wlc",
  "ip-hash": "sh",
  "consistent-hash": "mh",
};

/** By address and port: clients behind one address would all have one node. A full or lost node's share goes to the others. */
const hashFlags: Readonly<Partial<Record<Scheduler, readonly string[]>>> = {
  mh: ["mh-port", "mh-fallback"],
  sh: ["sh-fallback"],
};

function planService(
  { port, protocol, pool, scheduler, persistence }: LvsSpec["services"][number],
  pools: Readonly<Record<string, PoolSpec>>,
): ServicePlan {
  const kind = own(pools, pool)?.algorithm.kind ?? "weighted-round-robin";
  const chosen = scheduler === "algorithm" ? (schedulers[kind] ?? "wrr") : scheduler;
  // A pool that asks for a node per client address gets it. So does a service whose clients stay: a director that hasn't been told of a
  // client must find the node that its first connection found.
  const byAddress = chosen === "mh" && (scheduler === "algorithm" || persistence !== null);
  return {
    protocol,
    port,
    pool,
    scheduler: chosen,
    flags: byAddress ? ["mh-fallback"] : (hashFlags[chosen] ?? []),
    persistence: persistence === null ? null : Math.ceil(persistence / 1000),
  };
}

const firstByTcp = <S extends Pick<ServicePlan, "protocol">>(services: readonly S[]): S | undefined =>
  services.find(({ protocol }) => protocol === "tcp");

function planTier(
  { services, forwarding, failover, cpus, memory }: LvsSpec,
  { pools }: Pick<Around, "pools">,
): LvsTierPlan {
  return {
    kind: "lvs",
    httpPort: (firstByTcp(services) ?? services[0])?.port ?? 80,
    tls: null,
    forwarding,
    services: services.map((service) => planService(service, pools)),
    failover,
    cpus,
    memory,
  };
}

/** A tier of Linux Virtual Server. */
export const lvsPlanner: TierPlanner<LvsSpec> = {
  image: "director",
  tier: planTier,
  // By a client's address and port, so that a director that takes over finds the balancer of every connection.
  front: (balancer, ports, pool) => {
    const service = { protocol: "tcp", pool, scheduler: "mh", persistence: null, door: "auto" } as const;
    const services = ports.map((port) => ({ ...service, port }));
    // A balancer that fails its checks has nothing of a client that the others don't have: clients come again at once.
    return { ...planTier({ ...balancer, services }, { pools: {} }), givenUpAfter: 0 };
  },
  routes: () => [],
  mainPool: ({ tier }) => ("services" in tier ? firstByTcp(tier.services)?.pool : undefined) ?? null,
  nodeFaults: nodesLost,
  balancerFaults: balancersLost,
  clientFaults: [],
  doorPorts: ({ services }, derive) => {
    const first = services.findIndex(({ protocol }) => protocol === "tcp");
    const published = services.map(({ protocol, port, door }, index) => ({
      protocol,
      port,
      hostPort: door !== "auto" ? door : derive(index === first ? undefined : `${protocol}/${port}`).http,
    }));
    return {
      httpPort: published[Math.max(0, first)]?.hostPort ?? derive().http,
      tlsPort: null,
      services: published,
    };
  },
  secrets: () => [],
};
