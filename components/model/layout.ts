/*
 * How a cluster's subnet is laid out. The same for every size, so that an address tells what it belongs to, and no
 * machine's address depends on how many others there are:
 *
 *   two halves; the lower one is in use, the upper one mirrors it for the next generation of a machine that is replaced
 *   each half has eight blocks; the first holds the tier, the other seven one pool each
 *   in a pool's block 10/16 are for active nodes, 3/16 for hot and 3/16 for cold standbys
 *
 * In 10.77.2.0/23: .2.1 gateway, .2.2–.2.9 balancers, .2.10 virtual address, .2.11 door, .2.32 web-1, .2.52 web-hot-1.
 */

const blocksPerHalf = 8;

/** Offsets in the first block, for what exists once and for the first balancer. */
export const tierOffsets = { gateway: 1, balancer: 2, virtual: 10, door: 11 } as const;

const shares = {
  active: { from: 0, to: 10 / 16 },
  hot: { from: 10 / 16, to: 13 / 16 },
  cold: { from: 13 / 16, to: 1 },
} as const;

/** Most pools that a subnet of any size can hold. */
export const maximumPools = blocksPerHalf - 1;

/** Prefix lengths that the layout works for. */
export const prefixRange = { shortest: 16, longest: 24 } as const;

/** Addresses in one block of a subnet with this prefix. */
export function blockSize(prefix: number): number {
  return 2 ** (31 - prefix) / blocksPerHalf;
}

/** Where the addresses of a role begin in its pool's block. */
export function roleOffset(prefix: number, role: keyof typeof shares): number {
  return Math.floor(blockSize(prefix) * shares[role].from);
}

/** How many nodes of a role one pool can have in a subnet with this prefix. */
export function addressesPerRole(prefix: number, role: keyof typeof shares): number {
  return Math.floor(blockSize(prefix) * shares[role].to) - roleOffset(prefix, role);
}
