import type { BalancerSpec, ClusterSpec, SecretReference } from "../../model/spec.ts";
import type { CapacityAfterLoss, Forecast, ForecastLoad } from "../forecast-types.ts";
import type { ClusterPlan, DoorPlan, RoutePlan } from "../types.ts";
import type { TierPlan } from "./types.ts";

/** What the planner needs of a kind of balancer. Pure. */
export interface TierPlanner<B extends BalancerSpec = BalancerSpec> {
  tier(balancer: B, around: Around): TierPlan;
  /** The tier in front of balancers that listen at these ports, to all of which it forwards; left out by a kind that can't be there. @param pool what the members that it forwards to are called together */
  front?(balancer: B, ports: readonly number[], pool: string): TierPlan;
  /** Which of the kit's images its balancers are made of. */
  readonly image: string;
  /** Routes with the tier's limits filled in, longest path first; none for a kind that reads no requests. */
  routes(spec: ClusterSpec, balancer: B): RoutePlan[];
  /** Ports of the door on the host. @param derive what the stack leaves to the kit, another pair of ports for another name */
  doorPorts(balancer: B, derive: DerivePorts): Pick<DoorPlan, "httpPort" | "tlsPort" | "services">;
  /** Id of the pool that a load of no special kind meets; null where there is none. */
  mainPool(plan: ClusterPlan): string | null;
  /** What faults of nodes cost such a load; null where it doesn't reach its pool. @param capacity left after a loss */
  nodeFaults(plan: ClusterPlan, load: ForecastLoad, capacity: CapacityAfterLoss): Forecast[] | null;
  /** What faults of balancers and of their programs cost, where another takes the address. */
  balancerFaults(plan: ClusterPlan, load: ForecastLoad): Forecast[];
  /** What single clients can do to the others; a kind that reads no requests lets them do nothing. */
  readonly clientFaults: readonly Forecast[];
  /** Secrets that every balancer is made with. */
  secrets(balancer: B): readonly SecretReference[];
}

/** Two neighbouring free ports of the host. @param name of what they are for; left out: the cluster as a whole */
export type DerivePorts = (name?: string) => { readonly http: number; readonly tls: number };

/** Where the balancers stand. */
export interface Around {
  /** Addresses by which clients come, beside the names that they know. */
  readonly addresses: readonly string[];
  /** The cluster's pools by id. */
  readonly pools: ClusterSpec["pools"];
  /** Addresses of the kit's own machines in front of the balancers. */
  readonly proxies: readonly string[];
}
