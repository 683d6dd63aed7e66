import { parseSubnet, type Subnet } from "../model/ip.ts";
import { platformTraits } from "../model/platforms/select.ts";
import { stickyCookie } from "../model/rules/sticky.ts";
import type { ClusterSpec } from "../model/spec.ts";
import { planAccessories } from "./accessories.ts";
import { derivedSubnet, fixedAddresses } from "./addresses.ts";
import { planDirectors } from "./front.ts";
import { platformPlanner } from "./platforms/select.ts";
import { planRollout } from "./rollout.ts";
import { planTasks } from "./tasks.ts";
import { tierPlanner } from "./tiers/select.ts";
import { type ClusterPlan, type PlanContext, planSchema } from "./types.ts";
import { planWarnings } from "./warnings.ts";
import { planWorkers } from "./workers.ts";

/**
 * Plans a cluster: pure, total for every spec that passed the rules, and the same for the same input.
 *
 * @throws Error for what no spec that passed the rules can contain (a platform or balancer kind that isn't built yet).
 */
export function plan(spec: ClusterSpec, context: PlanContext): ClusterPlan {
  const { balancer, platform } = spec;
  const subnet = clusterSubnet(spec, context.owner);
  const traits = platformTraits(platform.kind);
  const fixed = fixedAddresses(subnet);
  const virtualAddress =
    traits.virtualAddress === "none"
      ? null
      : spec.network.virtualAddress === "auto"
        ? fixed.virtual
        : spec.network.virtualAddress;
  const doorAddress = traits.door ? fixed.door : null;
  const tiers = tierPlanner(balancer.kind);
  const tier = tiers.tier(balancer, {
    // Behind the door clients come by the host's own address.
    addresses: [virtualAddress, traits.door ? "127.0.0.1" : null].filter((address) => address !== null),
    pools: spec.pools,
    proxies: doorAddress === null ? [] : [doorAddress],
  });
  const planned = platformPlanner(platform.kind).plan({
    spec,
    tier,
    subnet,
    context,
    virtualAddress,
    doorAddress,
  });
  return {
    schema: planSchema,
    cluster: spec.id,
    shownAs: spec.name,
    owner: context.owner,
    environment: spec.environment,
    platform: planned.platform,
    protect: spec.protect,
    network: planned.network,
    tier,
    balancers: planned.balancers,
    ...planDirectors({ spec, context, subnet }, tier),
    pools: Object.entries(spec.pools).map(([name, pool]) => ({
      name,
      shownAs: pool.name,
      algorithm: pool.algorithm,
      health: pool.health,
      protocol: pool.protocol,
      tls: pool.tls,
      sticky:
        pool.sticky === null ? null : { ...pool.sticky, cookie: pool.sticky.cookie ?? stickyCookie(name) },
      keepAlive: pool.keepAlive,
      retryBudget: pool.retryBudget,
    })),
    nodes: planned.nodes,
    groups: planned.groups,
    routes: tiers.routes(spec, balancer),
    rollout: planRollout(spec),
    door: planned.door,
    wardens: planned.wardens,
    filter: planned.filter,
    ...planAccessories(spec, context),
    ...planWorkers(spec, context),
    ...planTasks(spec, context),
    warnings: planWarnings(spec, planned.nodes),
  };
}

/** The network a cluster gets: the one it asks for, or one derived from owner and id. */
export function clusterSubnet(spec: ClusterSpec, owner: string): Subnet {
  if (spec.network.subnet === "auto") return derivedSubnet(`${owner}/${spec.id}`);
  const subnet = parseSubnet(spec.network.subnet);
  if (subnet === null)
    throw new Error(`network.subnet: ${spec.network.subnet} passed the rules but is no network`);
  return subnet;
}
