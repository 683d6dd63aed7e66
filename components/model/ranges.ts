import { contains, parseSubnet, type Subnet } from "./ip.ts";

/* Parts of IPv4 that networks and clients can't have, and those that are meant for networks of one's own. */

interface Range {
  readonly network: string;
  readonly because: string;
}

/** IANA IPv4 Special-Purpose Address Registry (RFC 6890), RFC 5771, RFC 1112. */
const special: readonly Range[] = [
  { network: "0.0.0.0/8", because: "no addresses of machines" },
  { network: "127.0.0.0/8", because: "each machine's own" },
  { network: "169.254.0.0/16", because: "those of one link, without a router" },
  { network: "224.0.0.0/4", because: "for groups of receivers" },
  { network: "240.0.0.0/4", because: "reserved" },
];

/** RFC 1918 and RFC 6598: used by everybody, routed by nobody. */
export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"] as const;

const subnetOf = (network: string) => parseSubnet(network) as Subnet;
const within = (inner: Subnet, outer: Subnet) => inner.prefix >= outer.prefix && contains(outer, inner.base);

/** The special range that a network meets, by as little as one address; null when it meets none. */
export function specialRangeOf(subnet: Subnet): Range | null {
  const meets = (other: Subnet) => within(subnet, other) || within(other, subnet);
  return special.find(({ network }) => meets(subnetOf(network))) ?? null;
}

/** The special range that holds all of a network, so that no client and no server is in it; null when none does. */
export function specialRangeAround(subnet: Subnet): Range | null {
  return special.find(({ network }) => within(subnet, subnetOf(network))) ?? null;
}

/** Whether a network lies in one of the private ranges. */
export function isPrivate(subnet: Subnet): boolean {
  return privateRanges.some((network) => within(subnet, subnetOf(network)));
}
