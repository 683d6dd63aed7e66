/** How packets reach nodes where balancers forward connections as they come. */
type Forwarding = "dr" | "nat" | "tunnel";

/** What a node's network must be like, so that it takes packets that a director forwards. */
export interface NodeNetwork {
  readonly sysctls: Readonly<Record<string, string>>;
  /** Whether the virtual address must be on its loopback card. */
  readonly holdsAddress: boolean;
}

/**
 * With direct routing a packet comes as the client sent it, for the virtual address: the node has that, and says so to nobody. arp_ignore
 * 1 answers for addresses of the card that was asked alone; arp_announce 2 asks with the card's own (kernel, ip-sysctl).
 */
export const directNetwork: NodeNetwork = {
  sysctls: { "net.ipv4.conf.all.arp_ignore": "1", "net.ipv4.conf.all.arp_announce": "2" },
  holdsAddress: true,
};

export const nodeNetworks: Readonly<Partial<Record<Forwarding, NodeNetwork>>> = {
  dr: directNetwork,
};

/** What of a node's network doesn't fit how packets reach it, a sentence each. */
export function lintNodeNetwork(forwarding: Forwarding, node: NodeNetwork): string[] {
  const wanted = nodeNetworks[forwarding];
  if (wanted === undefined) return [`nodes can't be prepared for the forwarding "${forwarding}"`];
  return [
    ...(wanted.holdsAddress && !node.holdsAddress
      ? ["the virtual address is not on its loopback card: it would take none of the packets for it"]
      : []),
    ...Object.entries(wanted.sysctls)
      .filter(([name, value]) => node.sysctls[name] !== value)
      .map(
        ([name, value]) =>
          `${name} is ${node.sysctls[name] ?? "unset"} and must be ${value}: it would answer for the virtual address`,
      ),
  ];
}
