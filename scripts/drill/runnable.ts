import { formatDuration } from "../../components/model/units.ts";
import { poolShown } from "../../components/plan/shown.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import type { Drill } from "./drill.ts";
import type { FaultKind } from "./faults/spec.ts";
import { loneNodes, poweredWith } from "./powered.ts";
import { tierDrills, tierHas } from "./tiers/select.ts";
import { type Fitted, longestHold } from "./times.ts";

export interface Circumstances {
  readonly pool: string;
  /** The drill's limits and times on the plan; null where its timers say nothing of the fault. */
  readonly fitted: Fitted | null;
  /** Kinds of faults that the cluster's platform offers. */
  readonly faults: ReadonlySet<FaultKind>;
}

/** Why a drill can't run on this cluster; null when it can. What can't be run is told, and never counts as passed. */
export function reasonNotToRun(
  drill: Drill,
  plan: ClusterPlan,
  { pool, fitted, faults }: Circumstances,
): string | null {
  if (!faults.has(drill.fault.kind) || (drill.amid !== undefined && !faults.has("starve")))
    return "the platform offers no such fault";
  if (!tierHas(plan, drill)) return `the balancers are of another kind, ${plan.tier.kind}`;
  const nodes = plan.nodes.filter((node) => node.pool === pool);
  if (nodes.some(({ image }) => !image.startsWith("hotspare/node:")))
    return `pool ${poolShown(plan, pool)} runs an image of your own; the load asks for the sample node's paths and counts by its log`;
  const unfit = tierDrills(plan.tier.kind).load.unfit(plan, pool, fitted?.rate ?? 0);
  return lacking(drill, plan, pool) ?? unfit ?? tooSlow(fitted);
}

function tooSlow(fitted: Fitted | null): string | null {
  if (fitted === null) return "the timers of this stack say nothing of the fault";
  const { hold } = fitted.times;
  if (hold <= longestHold) return null;
  return `by the stack's timers the fault must last ${formatDuration(Math.round(hold / 1000) * 1000)}, and a drill holds one for ${formatDuration(longestHold)} at most`;
}

function lacking({ fault, needs }: Drill, plan: ClusterPlan, pool: string): string | null {
  const of = (role: string) => plan.nodes.filter((node) => node.pool === pool && node.role === role).length;
  if (fault.kind === "cut" && fault.of === "lone-node" && loneNodes(plan, pool).length === 0)
    return `no active node of pool ${poolShown(plan, pool)} has a server with a management controller to itself`;
  if (
    fault.kind === "cut" &&
    fault.of === "holder" &&
    plan.balancers.some(({ key }) => poweredWith(plan, key) === null)
  )
    return "a balancer's server has no management controller that could cut its power";
  const ofBalancer =
    fault.kind === "partition" || fault.kind === "kill-program" || ("of" in fault && fault.of === "holder");
  if (ofBalancer && (plan.directors?.machines ?? plan.balancers).length < 2)
    return "there is one balancer, and no other that could take over";
  if ("of" in fault && fault.of === "behind" && plan.balancers.length < 2)
    return "there is one balancer behind the directors, and no other that could serve";
  if ("of" in fault && fault.of === "all-active" && of("hot") === 0)
    return `pool ${poolShown(plan, pool)} has no hot standby that could take over`;
  if (needs === "cold" && of("cold") === 0) return `pool ${poolShown(plan, pool)} has no cold standby`;
  if (needs === "cold" && plan.wardens.length === 0)
    return "there are no wardens, and nothing else starts a cold standby";
  if (
    "of" in fault &&
    (fault.of === "node" || fault.of === "any-node" || fault.of === "lone-node") &&
    of("active") < 2
  )
    return `pool ${poolShown(plan, pool)} has one active node, and no other that could take over`;
  return null;
}
