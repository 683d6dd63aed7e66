import { parseSubnet } from "../model/ip.ts";
import { platformTraits } from "../model/platforms/select.ts";
import type { Warning } from "../model/problem.ts";
import { isPrivate, privateRanges } from "../model/ranges.ts";
import type { ClusterSpec } from "../model/spec.ts";
import { poolCapacity } from "./capacity.ts";
import { platformPlanner } from "./platforms/select.ts";
import { starvedInWords, starvedNodes } from "./starved.ts";
import type { NodePlan } from "./types.ts";

/** What works but deserves a second thought. Those acknowledged in the stack are left out. */
export function planWarnings(spec: ClusterSpec, nodes: readonly NodePlan[]): Warning[] {
  const accepted = new Set(spec.acknowledge.map(({ code }) => code));
  return [
    ...singleHost(spec),
    ...platformPlanner(spec.platform.kind).warnings(spec),
    ...publicNetwork(spec),
    ...crowdedNetwork(spec, nodes),
    ...coverWarnings(spec),
    ...unguardedCold(spec),
    ...starving(spec, nodes),
  ].filter(({ code }) => !accepted.has(code));
}

function singleHost({ platform: { kind }, environment }: ClusterSpec): Warning[] {
  if (!platformTraits(kind).singleHost || environment === "development") return [];
  return [
    {
      // Stacks acknowledge it by this name, whichever platform of one host it is.
      code: "platform.docker-single-host",
      path: "platform.kind",
      message: `a ${environment} cluster on one ${platformPlanner(kind).label} host goes down with that host`,
      hint: "acknowledge it for a rehearsal, or choose a platform with several hosts",
    },
  ];
}

function publicNetwork({ network: { subnet: text }, platform: { kind } }: ClusterSpec): Warning[] {
  // Where the servers stand in it already, nobody chooses.
  if (platformTraits(kind).addresses === "given") return [];
  const subnet = parseSubnet(text);
  if (subnet === null || isPrivate(subnet)) return [];
  return [
    {
      code: "network.public-range",
      path: "network.subnet",
      message: `${text} is not in a private range, so whoever has these addresses elsewhere can't be reached from the cluster`,
      hint: `take one from ${privateRanges.join(", ")}, or acknowledge it where the range is yours`,
    },
  ];
}

function crowdedNetwork({ platform: { kind } }: ClusterSpec, nodes: readonly NodePlan[]): Warning[] {
  const most = platformTraits(kind).machinesPerNetwork;
  if (most === null || nodes.length <= most) return [];
  return [
    {
      code: "network.crowded",
      path: "pools",
      message: `${nodes.length} nodes in one network, and ${platformPlanner(kind).label} connects no more than ${most} machines to one`,
      hint: "split the cluster in several before it is brought up",
    },
  ];
}

function coverWarnings(spec: ClusterSpec): Warning[] {
  return Object.values(spec.pools)
    .filter((pool) => pool.active === 1 && pool.standby.hot === 0)
    .map((pool) => ({
      code: "pool.no-cover",
      path: `pools.${pool.name}`,
      message: `1 active node and no hot standby: when it is lost nothing answers${pool.standby.cold > 0 ? " until a cold standby has started" : ""}`,
      hint: "raise `active` to 2 or more, or add a hot standby",
    }));
}

function unguardedCold(spec: ClusterSpec): Warning[] {
  // Without a switch of ours there is nothing that a warden could start; the platform's own engine does it.
  if (spec.warden.enabled || platformTraits(spec.platform.kind).power === "none") return [];
  return Object.values(spec.pools)
    .filter((pool) => pool.standby.cold > 0)
    .map((pool) => ({
      code: "warden.off-with-cold",
      path: `pools.${pool.name}.standby.cold`,
      message: `${pool.standby.cold === 1 ? "a cold standby" : `${pool.standby.cold} cold standbys`}, and no warden that could start ${pool.standby.cold === 1 ? "it" : "them"}`,
      hint: "set warden.enabled to true, or start them by hand",
    }));
}

/** One a pool, however many nodes it is about. */
function starving(spec: ClusterSpec, nodes: readonly NodePlan[]): Warning[] {
  return Object.values(spec.pools).flatMap(({ id, name }) => {
    const plan = { nodes, groups: [] };
    const starved = starvedNodes(plan, id);
    const total = poolCapacity(plan, id).shares.reduce((sum, { weight }) => sum + weight, 0);
    const text = starvedInWords(starved, total);
    if (text === null) return [];
    return [
      {
        code: "pool.weight-starves-node",
        path: `pools.${name}.weights`,
        message: starved.length === 1 ? `${text}, less than 1 %` : text,
        hint: "bring the weights closer together",
      },
    ];
  });
}
