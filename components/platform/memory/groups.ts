import * as pulumi from "@pulumi/pulumi";
import { memoryTraits } from "../../model/platforms/memory/traits.ts";
import type { GroupPlan } from "../../plan/types.ts";
import type { GroupPlatform, NetworkedPlace, ProvisionedGroup } from "../contract.ts";
import { note } from "./note.ts";

/** As {@link memoryPlatform}, for plans that list groups: the shortest adapter of a platform that keeps the machines itself. */
export function memoryGroupPlatform(): GroupPlatform {
  return {
    kind: "memory",
    machines: "groups",
    traits: {
      ...memoryTraits,
      machines: "groups",
      addresses: "platform",
      virtualAddress: "none",
      power: "none",
    },
    network: (name, place) => {
      const network = note(name, place, { network: place.plan.network });
      return { id: network.id, resources: { network } };
    },
    tier: (name, group, place) => {
      const made = makeGroup(name, group, place, {});
      return { ...made, address: pulumi.interpolate`${made.id}.example` };
    },
    group: (name, group, place) => makeGroup(name, group, place, { tier: place.tier.address }),
    monitor: (name, place) => {
      const groups = [...place.groups].map(([key, { id }]) => ({ key, id }));
      return { resources: { monitor: note(name, place, { tier: place.tier.id, groups }) } };
    },
  };
}

function makeGroup(name: string, group: GroupPlan, place: NetworkedPlace, more: object): ProvisionedGroup {
  const { desired, ...bounds } = group.count;
  const number = group.targets.length > 0 ? {} : { desired };
  const made = note(name, place, {
    ...more,
    group: { ...group, count: { ...bounds, ...number } },
    network: place.network.id,
  });
  return { id: made.id, ready: [made], resources: { group: made } };
}
