import type { Subnet } from "../../ip.ts";

/*
 * How a VPC's range is laid out, the same for every size, so that a zone more moves nobody:
 *
 *   four quarters; the first three are the private subnets of up to three zones
 *   the last quarter has four parts; the first three are the public subnets of the same zones, the last one stays free
 *
 * In 10.77.0.0/22: private .0.0/24, .1.0/24, .2.0/24; public .3.0/26, .3.64/26, .3.128/26.
 */

/** Most zones that the layout has room for. */
export const maximumZones = 3;

/** What AWS keeps of every subnet: the first four addresses and the last one (Amazon VPC user guide, Subnet sizing). */
const reserved = 5;

/** The private subnet of the `index`th (from 0) zone. */
export function privateSubnet(vpc: Subnet, index: number): Subnet {
  return part(vpc, 2, index);
}

/** The public subnet of the `index`th (from 0) zone. */
export function publicSubnet(vpc: Subnet, index: number): Subnet {
  return part(part(vpc, 2, 3), 2, index);
}

/** Addresses of a subnet with this prefix that machines may have. */
export function usableAddresses(prefix: number): number {
  return 2 ** (32 - prefix) - reserved;
}

/** Prefix of the private subnets of a VPC with this one. */
export const privatePrefix = (prefix: number) => prefix + 2;

/** The `index`th of 2^`bits` equal parts of a network. */
function part({ base, prefix }: Subnet, bits: number, index: number): Subnet {
  return { base: base + index * 2 ** (32 - prefix - bits), prefix: prefix + bits };
}

/** Where a balancer tells the load balancer whether it can serve. */
export const balancerHealthPort = 9181;

/**
 * First of the load balancer's ports that let in nobody and exist for the checks of groups: from there on two for each pool, its
 * active nodes' and its hot standbys', so that no other group's coming moves one.
 */
export const firstCheckPort = 64_000;
