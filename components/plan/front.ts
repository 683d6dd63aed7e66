import type { Subnet } from "../model/ip.ts";
import { directorsHealthPort } from "../model/layout.ts";
import type { ClusterSpec } from "../model/spec.ts";
import { directorAddress, fixedAddresses } from "./addresses.ts";
import { imageOf, machine, ordinals } from "./machine.ts";
import { tierPlanner } from "./tiers/select.ts";
import type { TierPlan } from "./tiers/types.ts";
import type { ClusterPlan, DirectorPlan, NodePlan, PlanContext, PoolPlan } from "./types.ts";

/*
 * Directors in front of the balancers. To them the balancers are what nodes are to balancers, so whatever makes, renders and forecasts a
 * tier of directors over nodes does the same here: it is given the cluster as the directors see it (frontOf).
 */

/** What the balancers together are to the directors. */
export const balancersPool = "balancers";

/** Where balancers say that they answer; beside the ports of clients, so that no route can hide it. */
const health = { port: directorsHealthPort, path: "/" } as const;

/** The directors; nothing where the stack has none in front of its balancers. @param tier that of the balancers */
export function planDirectors(
  { spec, context, subnet }: { spec: ClusterSpec; context: PlanContext; subnet: Subnet },
  { httpPort, tls }: TierPlan,
): Pick<ClusterPlan, "directors"> {
  const { directors } = spec;
  if (directors === null) return {};
  const planner = tierPlanner(directors.kind);
  const tier = planner.front?.(directors, [httpPort, ...(tls === null ? [] : [tls.port])], balancersPool);
  if (tier === undefined)
    throw new Error(`balancers of the kind ${directors.kind} can't be in front of others`);
  const machines = ordinals(directors.count).map(
    (ordinal): DirectorPlan => ({
      ...machine(spec, context, `director-${ordinal}`, imageOf(context, planner.image)),
      role: "director",
      address: directorAddress(subnet, ordinal),
      priority: 160 - ordinal * 10,
      cpus: tier.cpus,
      memory: tier.memory,
    }),
  );
  return { directors: { tier, machines, leaderAddress: fixedAddresses(subnet).leader, health } };
}

/** The cluster as its directors see it: a tier of them, whose nodes are the balancers. Null where there are none. */
export function frontOf(plan: ClusterPlan): ClusterPlan | null {
  const { directors, accessories: _, ...rest } = plan;
  if (directors === undefined) return null;
  return {
    ...rest,
    tier: directors.tier,
    balancers: directors.machines.map((director) => ({ ...director, role: "balancer" })),
    pools: [poolOfBalancers(directors.health.path)],
    nodes: plan.balancers.map((balancer) => nodeOf(balancer, directors.health.port)),
    routes: [],
    wardens: [],
    filter: null,
    door: null,
  };
}

/** A balancer that is lost is out within 0.55 s, so that nobody's request of a second later meets it. */
function poolOfBalancers(path: string): PoolPlan {
  return {
    name: balancersPool,
    shownAs: balancersPool,
    algorithm: { kind: "weighted-round-robin" },
    health: {
      path,
      protocol: "http",
      service: "",
      host: null,
      headers: {},
      interval: 150,
      timeout: 250,
      startup: 60_000,
      fall: 2,
      rise: 2,
    },
    protocol: "http",
    tls: null,
    sticky: null,
    keepAlive: 60_000,
    retryBudget: 0.2,
  };
}

function nodeOf({ priority: _, ...balancer }: ClusterPlan["balancers"][number], port: number): NodePlan {
  return {
    ...balancer,
    role: "active",
    pool: balancersPool,
    generation: 0,
    fingerprint: "",
    port,
    weight: 1,
    environment: {},
    stopGrace: 10_000,
    readOnly: true,
  };
}

/** How many questions of each director a balancer that leaves must have answered, until none sends it anything new; null where there are none. */
export function questionsUntilLeft({ directors }: ClusterPlan): number | null {
  return directors === undefined ? null : poolOfBalancers(directors.health.path).health.fall;
}
