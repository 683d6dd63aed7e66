/*
 * How a cluster's subnet is laid out. The same for every size, so that an address tells what it belongs to, and no
 * machine's address depends on how many others there are:
 *
 *   four quarters, one a generation: a node that is replaced gets its new address in the next quarter, and the old one goes
 *   on serving until the new one has proved itself; four, so that a failed replacement or two leave room for the fix
 *   each quarter has eight blocks; the first holds the tier (in the first quarter), the other seven one pool each
 *   in a pool's block 10/16 are for active nodes, 3/16 for hot and 3/16 for cold standbys
 *
 * In 10.77.0.0/22: .0.1 gateway, .0.2–.0.9 balancers and directors, .0.10 virtual address, .0.11 door, .0.32 web-1, .0.52 web-hot-1, and
 * .1.32 for web-1 after its first replacement.
 */

const blocksPerQuarter = 8;

/** How many generations of a node have an address of their own before they are used again. */
export const generationSlots = 4;

/** Offsets in the first block, for what exists once and for the first balancer. */
export const tierOffsets = {
  gateway: 1,
  balancer: 2,
  /** In front of balancers that read requests; there are at most four of those. */
  director: 6,
  /** By which these agree on one of them. */
  leader: 9,
  virtual: 10,
  door: 11,
  warden: 12,
} as const;

const shares = {
  active: { from: 0, to: 10 / 16 },
  hot: { from: 10 / 16, to: 13 / 16 },
  cold: { from: 13 / 16, to: 1 },
} as const;

/** Most pools that a subnet of any size can hold. */
export const maximumPools = blocksPerQuarter - 1;

/** Prefix lengths that the layout works for. */
export const prefixRange = { shortest: 12, longest: 23 } as const;

/** The shortest where a platform gives out the addresses: no cloud has larger networks (Amazon VPC user guide, VPC CIDR blocks). */
export const shortestOfPlatform = 16;

/** Port at which balancers behind directors say that they answer. */
export const directorsHealthPort = 9181;

/** Prefix of a network that is derived: 20 active, 6 hot and 6 cold nodes a pool. */
export const derivedPrefix = 22;

/** Addresses in one quarter of a subnet with this prefix. */
export function quarterSize(prefix: number): number {
  return 2 ** (32 - prefix) / generationSlots;
}

/** Addresses in one block of a subnet with this prefix. */
export function blockSize(prefix: number): number {
  return quarterSize(prefix) / blocksPerQuarter;
}

/** Where the addresses of a role begin in its pool's block. */
export function roleOffset(prefix: number, role: keyof typeof shares): number {
  return Math.floor(blockSize(prefix) * shares[role].from);
}

/** How many nodes of a role one pool can have in a subnet with this prefix. */
export function addressesPerRole(prefix: number, role: keyof typeof shares): number {
  return Math.floor(blockSize(prefix) * shares[role].to) - roleOffset(prefix, role);
}
