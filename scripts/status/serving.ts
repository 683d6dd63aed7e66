import { comparedPath } from "../../components/model/url-path.ts";
import { poolShown } from "../../components/plan/shown.ts";
import type { ClusterPlan, PoolPlan, RoutePlan } from "../../components/plan/types.ts";
import { faultOf, type Question, questionUrl } from "./answers.ts";
import type { ClusterStatus } from "./cluster-status.ts";

/*
 * Whether a cluster serves: each pool that a route leads to has a healthy node, and it answers through the balancers, by TLS where
 * they have it. An answer of the balancers' own, such as the redirect to TLS, says nothing of any node.
 */

/** Where clients come in, seen from where the commands run. */
export interface Entrance {
  readonly address: string;
  readonly httpPort: number;
  readonly tlsPort: number | null;
}

/** A pool that doesn't serve. */
export interface PoolFault {
  /** Its id. */
  readonly pool: string;
  /** A sentence with the pool's name. */
  readonly why: string;
}

/**
 * The pools that don't serve, in the plan's order.
 *
 * @param entrance null where there is no way in from here: then only the balancers' checks count
 */
export async function poolFaults(
  plan: ClusterPlan,
  { machines, maintenance }: ClusterStatus,
  entrance: Entrance | null,
  ask = faultOf,
): Promise<PoolFault[]> {
  const faults = await Promise.all(
    plan.pools.map(async (pool): Promise<PoolFault[]> => {
      const route = plan.routes.find((candidate) => candidate.pool === pool.name && candidate.host === null);
      const led = route ?? plan.routes.find((candidate) => candidate.pool === pool.name);
      if (led === undefined) return [];
      const name = poolShown(plan, pool.name);
      const fault = (why: string) => [{ pool: pool.name, why: `pool ${name}: ${why}` }];
      const healthy = machines.filter(
        (machine) => machine.pool === name && machine.inRotation === true && machine.healthy === true,
      );
      if (healthy.length === 0) return fault("none of its nodes is healthy");
      // What clients are answered during maintenance says nothing of the nodes.
      if (entrance === null || maintenance !== undefined) return [];
      const question = questionTo(plan, pool, led, entrance);
      const answer = await ask(question);
      return answer === null
        ? []
        : fault(
            `${healthy.map(({ key }) => key).join(", ")} healthy, but ${questionUrl(question)} is answered ${answer} through the balancers`,
          );
    }),
  );
  return faults.flat();
}

/** A request that the balancers pass on to a pool: for its health check's path where that is a client's too, since it is answered well. */
function questionTo(plan: ClusterPlan, pool: PoolPlan, route: RoutePlan, entrance: Entrance): Question {
  const { address, httpPort, tlsPort } = entrance;
  const own = pool.health.host?.replace(/:\d+$/, "") ?? null;
  const isAnothers = plan.routes.some(({ host }) => host !== null && host === own);
  const host = route.host?.replace(/^\*/, "www") ?? (isAnothers ? null : own);
  const first = plan.routes.find(
    (candidate) => candidate.host === route.host && pool.health.path.startsWith(candidate.path),
  );
  const usual = pool.protocol === "http" && pool.health.protocol === "http" && first?.pool === pool.name;
  return {
    tls: tlsPort !== null,
    address,
    port: tlsPort ?? httpPort,
    host,
    path: usual ? pool.health.path : encodeURI(comparedPath(route.path) ?? route.path),
    protocol: pool.protocol,
  };
}
