import * as docker from "@pulumi/docker";
import { virtualAddressOf } from "../../plan/virtual-address.ts";
import type { Place, ProvisionedNetwork } from "../contract.ts";
import { labelList } from "./container.ts";

/** The cluster's bridge network. The virtual address is kept from Docker's own hands by an auxiliary address. */
export function createNetwork(
  name: string,
  place: Place,
  transform = (args: docker.NetworkArgs) => args,
): ProvisionedNetwork {
  const { network } = place.plan;
  const resource = new docker.Network(
    name,
    transform({
      name: network.name,
      driver: "bridge",
      ipamConfigs: [
        {
          subnet: network.subnet,
          gateway: network.gateway,
          ipRange: network.dynamicRange,
          auxAddress: { virtual: virtualAddressOf(place.plan) },
        },
      ],
      labels: labelList(place.labels),
    }),
    place.options,
  );
  return { id: resource.id, resources: { network: resource } };
}
