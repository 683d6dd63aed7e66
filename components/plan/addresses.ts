import { fnv1a } from "../model/hash.ts";
import { formatAddress, formatSubnet, parseSubnet, type Subnet, subnetSize } from "../model/ip.ts";
import {
  blockSize,
  derivedPrefix,
  generationSlots,
  quarterSize,
  roleOffset,
  tierOffsets,
} from "../model/layout.ts";
import type { NodeRole } from "./types.ts";

/** Where a node is: its pool's index (from 0), its role, its number in that role (from 1), and its generation (from 0). */
export interface NodePlace {
  readonly poolIndex: number;
  readonly role: NodeRole;
  readonly ordinal: number;
  readonly generation: number;
}

/** Address of a node. */
export function nodeAddress(subnet: Subnet, { poolIndex, role, ordinal, generation }: NodePlace): string {
  const { prefix } = subnet;
  const quarter = quarterSize(prefix) * (generation % generationSlots);
  const first = blockSize(prefix) * (poolIndex + 1) + roleOffset(prefix, role);
  const offset = quarter + first + ordinal - 1;
  // The last address of a network is its broadcast address. The one node that would have it, the last cold one of the seventh
  // pool in the fourth quarter, stands in the block that only the first quarter uses.
  return formatAddress(subnet.base + (offset === subnetSize(subnet) - 1 ? quarter : offset));
}

/** Address of the `ordinal`th (from 1) balancer. */
export function balancerAddress(subnet: Subnet, ordinal: number): string {
  return formatAddress(subnet.base + tierOffsets.balancer + ordinal - 1);
}

/** Addresses of all balancers that a cluster's network could have, whether they are there or not. @param network its CIDR */
export function balancerAddresses(network: string): string[] {
  const subnet = parseSubnet(network);
  if (subnet === null) throw new Error(`${network} is no network`);
  const most = tierOffsets.director - tierOffsets.balancer;
  return Array.from({ length: most }, (_, index) => balancerAddress(subnet, index + 1));
}

/** Address of the `ordinal`th (from 1) director in front of balancers. */
export function directorAddress(subnet: Subnet, ordinal: number): string {
  return formatAddress(subnet.base + tierOffsets.director + ordinal - 1);
}

/** Address of the `ordinal`th (from 1) warden. */
export function wardenAddress(subnet: Subnet, ordinal: number): string {
  return formatAddress(subnet.base + tierOffsets.warden + ordinal - 1);
}

/** The addresses that exist once. */
export function fixedAddresses(subnet: Subnet) {
  return {
    gateway: formatAddress(subnet.base + tierOffsets.gateway),
    virtual: formatAddress(subnet.base + tierOffsets.virtual),
    door: formatAddress(subnet.base + tierOffsets.door),
    leader: formatAddress(subnet.base + tierOffsets.leader),
  };
}

/** First block of the third quarter: no planned address ever lies there, so the platform may give it out by itself. */
export function dynamicRange(subnet: Subnet): string {
  return formatSubnet({ base: subnet.base + subnetSize(subnet) / 2, prefix: subnet.prefix + 5 });
}

/**
 * Where no node ever stands: the tier's block, in which the host has the gateway's address, and what the platform gives out by itself, to
 * what people attach to the network.
 */
export function withoutNodes(subnet: Subnet): string[] {
  return [formatSubnet({ base: subnet.base, prefix: subnet.prefix + 5 }), dynamicRange(subnet)];
}

/** A network in 10.64.0.0/10, the same for the same seed and very probably another for another. */
export function derivedSubnet(seed: string): Subnet {
  return { base: (10 * 256 + 64) * 65_536 + (fnv1a(seed) % 4096) * 1024, prefix: derivedPrefix };
}

/** Two neighbouring ports in 20000–29999, the same for the same seed: plain and TLS. */
export function derivedPorts(seed: string): { http: number; tls: number } {
  const http = 20_000 + (fnv1a(seed) % 5000) * 2;
  return { http, tls: http + 1 };
}
