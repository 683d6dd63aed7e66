import { formatAddress, formatSubnet } from "../../../model/ip.ts";
import { own } from "../../../model/own.ts";
import { type Placement, placement } from "../../../model/platforms/metal/placement.ts";
import type { ClusterSpec, MetalSpec } from "../../../model/spec.ts";
import { machineName } from "../../machine.ts";
import { describeMachines } from "../../machines/describe.ts";
import { planNodes } from "../../machines/nodes.ts";
import { planBalancers } from "../../machines/planner.ts";
import { planWardens } from "../../machines/wardens.ts";
import type { ClusterPlan } from "../../types.ts";
import type { PlannedPlatform, PlanningInput, PlatformPlanner } from "../contract.ts";
import { metalPlanOf, serverOf } from "./part.ts";
import { type MetalPlan, moverProgram } from "./types.ts";
import { metalWarnings } from "./warnings.ts";

/** Servers that people own: each machine stands on one that the stack lists, and is changed in place. */
export const metalPlanner: PlatformPlanner = {
  label: "hardware",
  plan: planMetal,
  card: (plan, key) => serverOf(plan, key).card,
  describe: (plan) => [...describeMachines(plan), ...describeServers(plan)],
  faults: () => [],
  capacityAfterLoss: () => ({ one: null, all: null }),
  poweredWith: (plan, key) => {
    const { bmc, machines } = serverOf(plan, key);
    return bmc === null ? null : machines;
  },
  warnings: (spec) => metalWarnings(spec, metalSpecOf(spec)),
};

function planMetal(input: PlanningInput): PlannedPlatform {
  const { spec, subnet, virtualAddress } = input;
  const platform = metalSpecOf(spec);
  const { placed, ...context } = input.context;
  const servers = placement(spec, platform, placed);
  const addressOf = (key: string) => {
    const name = servers.get(key);
    const server = name === undefined ? undefined : own(platform.servers, name);
    if (server === undefined) throw new Error(`${key}: there is no server for it, though the rules passed`);
    return server.address;
  };
  const balancers = planBalancers(input, (_, key) => addressOf(key));
  // On the server of its balancer, and so at its address.
  const wardens = planWardens(
    spec,
    balancers,
    // Their metrics are on the server's loopback address.
    { addressOf: (ordinal) => addressOf(`lb-${ordinal}`), answers: { all: [], others: [] } },
    context,
  );
  const beside = wardens.map(({ key, balancer }) => [key, servers.get(balancer) ?? ""] as const);
  return {
    platform: metalPart(spec, platform, new Map([...servers, ...beside])),
    network: {
      name: machineName(spec.id, context.owner, "net"),
      subnet: formatSubnet(subnet),
      // Of the servers' own making; nothing of the cluster asks it.
      gateway: formatAddress(subnet.base + 1),
      virtualAddress,
      ...(platform.moveAddress === null ? {} : { mover: moverProgram }),
      // The kit gives out none.
      dynamicRange: `${virtualAddress}/32`,
    },
    balancers,
    // What runs doesn't count: a node is changed where it stands, so it has one name and one address for ever.
    nodes: planNodes(spec, { ...context, running: {} }, addressOf),
    groups: [],
    door: null,
    wardens:
      platform.fence.length === 0 ? wardens : wardens.map((one) => ({ ...one, fence: platform.fence })),
    // What switches servers is a part of each warden's server.
    filter: null,
  };
}

function metalPart(
  { pools }: ClusterSpec,
  { servers, moveAddress, keepPackages, fence }: MetalSpec,
  placed: Placement,
): MetalPlan {
  const machinesOn = (name: string) => [...placed].flatMap(([key, server]) => (server === name ? [key] : []));
  const all = Object.entries(servers).map(([name, { interface: card, ...server }]) => ({
    name,
    server: { ...server, card, machines: machinesOn(name) },
  }));
  const carries = ({ server }: (typeof all)[number]) => server.machines.length > 0;
  return {
    kind: "metal",
    servers: Object.fromEntries(all.filter(carries).map(({ name, server }) => [name, server])),
    spare: all.filter((one) => !carries(one)).map(({ name }) => name),
    ...(moveAddress === null ? {} : { moveAddress }),
    ...(fence.length === 0 ? {} : { fence }),
    ...(keepPackages ? { keepPackages } : {}),
    images: Object.fromEntries(Object.entries(pools).map(([name, { image }]) => [name, image])),
  };
}

function describeServers(plan: ClusterPlan): string[] {
  const { servers, spare, moveAddress, fence = [] } = metalPlanOf(plan);
  return [
    ...Object.entries(servers).map(([name, { address, card, rack, feed, machines, ssh, bmc }]) => {
      const where = [rack === null ? [] : `rack ${rack}`, feed === null ? [] : `feed ${feed}`].flat();
      const controller = bmc === null ? "" : `, power by ${bmc.kind} at ${bmc.host}`;
      return `server ${name} ${address} on ${card}${where.length === 0 ? "" : ` (${where.join(", ")})`}, by SSH ${ssh.user}@${ssh.host}${controller}: ${machines.join(", ")}`;
    }),
    ...(moveAddress === undefined ? [] : [`the virtual address is moved by ${moveAddress.join(" ")}`]),
    ...fence.map(
      (pool) =>
        `a lost node of ${pool} is switched off by its server's controller before a standby takes its place`,
    ),
    ...(spare.length === 0 ? [] : [`servers without work: ${spare.join(", ")}`]),
  ];
}

function metalSpecOf({ platform }: ClusterSpec): MetalSpec {
  if (platform.kind === "metal") return platform;
  throw new Error(`a stack on ${platform.kind} came to the planner of another platform`);
}
