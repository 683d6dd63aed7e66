import { formatAddress, formatSubnet, type Subnet, subnetSize } from "../model/ip.ts";
import { blockSize, roleOffset, tierOffsets } from "../model/layout.ts";
import type { NodeRole } from "./types.ts";

/** Address of the `ordinal`th (from 1) node of a role in the pool with this index (from 0). */
export function nodeAddress(subnet: Subnet, poolIndex: number, role: NodeRole, ordinal: number): string {
  const first = blockSize(subnet.prefix) * (poolIndex + 1) + roleOffset(subnet.prefix, role);
  return formatAddress(subnet.base + first + ordinal - 1);
}

/** Address of the `ordinal`th (from 1) balancer. */
export function balancerAddress(subnet: Subnet, ordinal: number): string {
  return formatAddress(subnet.base + tierOffsets.balancer + ordinal - 1);
}

/** The addresses that exist once. */
export function fixedAddresses(subnet: Subnet) {
  return {
    gateway: formatAddress(subnet.base + tierOffsets.gateway),
    virtual: formatAddress(subnet.base + tierOffsets.virtual),
    door: formatAddress(subnet.base + tierOffsets.door),
  };
}

/** First block of the upper half: no planned address ever lies there, so the platform may give it out by itself. */
export function dynamicRange(subnet: Subnet): string {
  return formatSubnet({ base: subnet.base + subnetSize(subnet) / 2, prefix: subnet.prefix + 4 });
}

/** A /23 in 10.64.0.0/10, the same for the same seed and very probably another for another. */
export function derivedSubnet(seed: string): Subnet {
  return { base: (10 * 256 + 64) * 65_536 + (fnv1a(seed) % 8192) * 512, prefix: 23 };
}

/** Two neighbouring ports in 20000–29999, the same for the same seed: plain and TLS. */
export function derivedPorts(seed: string): { http: number; tls: number } {
  const http = 20_000 + (fnv1a(seed) % 5000) * 2;
  return { http, tls: http + 1 };
}

/** 32-bit FNV-1a (draft-eastlake-fnv): spreads short strings well and needs no library. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
