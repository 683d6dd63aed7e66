import type { ClusterPlan } from "../../components/plan/types.ts";
import type { Drill } from "./catalog.ts";

/** Why a drill can't run on this cluster; null when it can. What can't be run is told, and never counts as passed. */
export function unable(drill: Drill, plan: ClusterPlan, pool: string): string | null {
  if (plan.platform !== "docker")
    return `faults are made on Docker only, and the platform is ${plan.platform}`;
  if (plan.tier.tls?.redirect === true)
    return "the balancers redirect plain HTTP to TLS, and the load generator speaks plain HTTP only";
  const nodes = plan.nodes.filter((node) => node.pool === pool);
  if (nodes.some(({ image }) => !image.startsWith("hotspare/node:")))
    return `pool ${pool} runs an image of your own; the load asks for the sample node's paths and counts by its log`;
  return unfit(drill, plan, pool);
}

function unfit({ fault, needs }: Drill, plan: ClusterPlan, pool: string): string | null {
  const of = (role: string) => plan.nodes.filter((node) => node.pool === pool && node.role === role).length;
  const ofBalancer =
    fault.kind === "partition" || fault.kind === "kill-program" || ("of" in fault && fault.of === "holder");
  if (ofBalancer && plan.balancers.length < 2)
    return "there is one balancer, and no other that could take over";
  if ("of" in fault && fault.of === "all-active" && of("hot") === 0)
    return `pool ${pool} has no hot standby that could take over`;
  if (needs === "cold" && of("cold") === 0) return `pool ${pool} has no cold standby`;
  if (needs === "cold" && plan.wardens.length === 0)
    return "there are no wardens, and nothing else starts a cold standby";
  if ("of" in fault && (fault.of === "node" || fault.of === "any-node") && of("active") < 2)
    return `pool ${pool} has one active node, and no other that could take over`;
  return null;
}
