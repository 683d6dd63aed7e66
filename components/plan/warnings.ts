import type { Warning } from "../model/problem.ts";
import type { ClusterSpec } from "../model/spec.ts";
import { awsWarnings } from "./platforms/aws/warnings.ts";
import type { NodePlan } from "./types.ts";

/** What works but deserves a second thought. Those acknowledged in the stack are left out. */
export function planWarnings(spec: ClusterSpec, nodes: readonly NodePlan[]): Warning[] {
  const accepted = new Set(spec.acknowledge.map(({ code }) => code));
  return [
    ...dockerWarnings(spec),
    ...(spec.platform.kind === "aws" ? awsWarnings(spec, spec.platform) : []),
    ...coverWarnings(spec),
    ...unguardedCold(spec),
    ...starvedNodes(spec, nodes),
  ].filter(({ code }) => !accepted.has(code));
}

function dockerWarnings(spec: ClusterSpec): Warning[] {
  if (spec.platform.kind !== "docker" || spec.environment === "development") return [];
  return [
    {
      code: "platform.docker-single-host",
      path: "platform.kind",
      message: `a ${spec.environment} cluster on one Docker host goes down with that host`,
      hint: "acknowledge it for a rehearsal, or choose a platform with several hosts",
    },
  ];
}

function coverWarnings(spec: ClusterSpec): Warning[] {
  return Object.entries(spec.pools)
    .filter(([, pool]) => pool.active === 1 && pool.standby.hot === 0)
    .map(([name, pool]) => ({
      code: "pool.no-cover",
      path: `pools.${name}`,
      message: `1 active node and no hot standby: when it is lost nothing answers${pool.standby.cold > 0 ? " until a cold standby has started" : ""}`,
      hint: "raise `active` to 2 or more, or add a hot standby",
    }));
}

function unguardedCold(spec: ClusterSpec): Warning[] {
  if (spec.warden.enabled) return [];
  return Object.entries(spec.pools)
    .filter(([, pool]) => pool.standby.cold > 0)
    .map(([name, pool]) => ({
      code: "warden.off-with-cold",
      path: `pools.${name}.standby.cold`,
      message: `${pool.standby.cold === 1 ? "a cold standby" : `${pool.standby.cold} cold standbys`}, and no warden that could start ${pool.standby.cold === 1 ? "it" : "them"}`,
      hint: "set warden.enabled to true, or start them by hand",
    }));
}

/** Below one request in a hundred a node is neither warm nor watched: its faults show first when it is needed. */
export const starvedShare = 0.01;

function starvedNodes(spec: ClusterSpec, nodes: readonly NodePlan[]): Warning[] {
  return Object.keys(spec.pools).flatMap((pool) => {
    const active = nodes.filter((node) => node.pool === pool && node.role === "active");
    const total = active.reduce((sum, node) => sum + node.weight, 0);
    return active
      .filter((node) => node.weight / total < starvedShare)
      .map((node) => ({
        code: "pool.weight-starves-node",
        path: `pools.${pool}.weights`,
        message: `${node.key} gets ${((100 * node.weight) / total).toFixed(2)} % of the requests (weight ${node.weight} of ${total}), less than 1 %`,
        hint: "bring the weights closer together",
      }));
  });
}
