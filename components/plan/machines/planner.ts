import { balancerTraits } from "../../model/balancers/select.ts";
import { formatSubnet } from "../../model/ip.ts";
import { platformTraits } from "../../model/platforms/select.ts";
import type { ClusterSpec } from "../../model/spec.ts";
import {
  balancerAddress,
  derivedPorts,
  dynamicRange,
  fixedAddresses,
  nodeAddress,
  wardenAddress,
  withoutNodes,
} from "../addresses.ts";
import { imageOf, machine, machineName, ordinals } from "../machine.ts";
import type { PlannedPlatform, PlanningInput, PlatformPlanner } from "../platforms/contract.ts";
import type { PlatformPlan } from "../platforms/types.ts";
import { tierPlanner } from "../tiers/select.ts";
import type { BalancerPlan, DoorPlan } from "../types.ts";
import { describeMachines } from "./describe.ts";
import { planNodes } from "./nodes.ts";
import { planFilter, planWardens } from "./wardens.ts";

/** A platform whose machines the kit makes one by one, and of which there is nothing else to say. */
export function machinePlanner(label: string, platform: PlatformPlan): PlatformPlanner {
  return {
    label,
    plan: (input) => ({ platform, groups: [], ...planMachines(input) }),
    card: () => platformTraits(platform.kind).card,
    describe: describeMachines,
    faults: () => [],
    capacityAfterLoss: () => ({ one: null, all: null }),
    poweredWith: () => null,
    warnings: () => [],
  };
}

function planMachines(input: PlanningInput): Omit<PlannedPlatform, "platform" | "groups"> {
  const { spec, subnet, context, virtualAddress } = input;
  const balancers = planBalancers(input, (ordinal) => balancerAddress(subnet, ordinal));
  return {
    network: {
      name: machineName(spec.id, context.owner, "net"),
      subnet: formatSubnet(subnet),
      gateway: fixedAddresses(subnet).gateway,
      virtualAddress,
      dynamicRange: dynamicRange(subnet),
    },
    balancers,
    nodes: planNodes(
      spec,
      context,
      (_, place) => nodeAddress(subnet, place),
      directEnvironment(spec, virtualAddress),
    ),
    door: planDoor(input),
    wardens: planWardens(
      spec,
      balancers,
      {
        addressOf: (ordinal) => wardenAddress(subnet, ordinal),
        answers: { all: [formatSubnet(subnet)], others: withoutNodes(subnet) },
      },
      context,
    ),
    filter: planFilter(spec, context),
  };
}

/** What nodes are told to whom packets come for the virtual address: servers of UDP have to answer from it. */
function directEnvironment({ balancer }: ClusterSpec, virtualAddress: string | null): Record<string, string> {
  return balancerTraits(balancer.kind).layer === 4 && virtualAddress !== null
    ? { HOTSPARE_VIRTUAL_ADDRESS: virtualAddress }
    : {};
}

/** The balancers. @param addressOf address of the nth, from 1, of that key */
export function planBalancers(
  { spec, tier, context }: PlanningInput,
  addressOf: (ordinal: number, key: string) => string,
): BalancerPlan[] {
  return ordinals(spec.balancer.count).map((ordinal) => ({
    ...machine(spec, context, `lb-${ordinal}`, imageOf(context, tierPlanner(spec.balancer.kind).image)),
    role: "balancer",
    address: addressOf(ordinal, `lb-${ordinal}`),
    // Steps of ten leave room for an operator's own; the skew that they add to a take-over is below 1 % of an advert each.
    priority: 160 - ordinal * 10,
    cpus: tier.cpus,
    memory: tier.memory,
  }));
}

function planDoor({ spec, context, doorAddress }: PlanningInput): DoorPlan | null {
  if (doorAddress === null) return null;
  const { balancer } = spec;
  const derive = (name?: string) =>
    derivedPorts([context.owner, spec.id, ...(name === undefined ? [] : [name])].join("/"));
  return {
    ...machine(spec, context, "door", imageOf(context, "balancer")),
    role: "door",
    address: doorAddress,
    ...tierPlanner(balancer.kind).doorPorts(balancer, derive),
    cpus: 0.5,
    memory: 64 * 1024 ** 2,
  };
}
