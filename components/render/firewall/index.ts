import { banner, block, file, integer, paragraphs, word } from "../text.ts";

/** What the kernel asks of those who want to talk to a balancer. */
export interface FirewallRules {
  /** Whose it is, for people who read it. */
  readonly owner: string;
  /** Addresses of the other balancers, who alone may speak VRRP; null where nobody speaks it. */
  readonly peers: readonly string[] | null;
  /** Ports that clients come by. */
  readonly ports: readonly number[];
  /** Ports that the other balancers alone come by. */
  readonly peerPorts: readonly number[];
  /** Connections that one address may have open; null for any number. */
  readonly connectionsPerAddress: number | null;
  /** CIDRs and addresses behind which many clients are. */
  readonly trusted: readonly string[];
  /** Whether nothing else on the machine needs the kernel to remember connections, as a container engine's port mappings do. */
  readonly alone: boolean;
}

/** Protocol number of VRRP (RFC 9568), by which who has the virtual address says so. */
const vrrp = 112;

/**
 * firewall.nft of a balancer, a table of its own in its own network namespace. It is replaced as a whole; whatever else is there
 * stays as it is.
 *
 * - VRRP comes from the other balancers alone, and from their own network: a router would have lowered the TTL (RFC 9568, 5.1.1.3).
 *   Without it, any machine of the segment takes the virtual address away by one advert of priority 255.
 * - One address has so many connections at most. nginx counts by `limit_conn` only once a whole request header is there, so half
 *   headers could take all places.
 */
export function renderFirewall(rules: FirewallRules): string {
  const { owner, peers, connectionsPerAddress: most } = rules;
  return file(
    paragraphs(
      [banner(`firewall.nft of ${owner}`)],
      // Made where it isn't there, so that it can be deleted and made again, all at once.
      ["table ip hotspare", "delete table ip hotspare"],
      block(
        "table ip hotspare",
        paragraphs(
          peers === null ? [] : addresses("peers", peers),
          most === null ? [] : crowd(rules),
          block("chain input", [
            "type filter hook input priority filter; policy accept;",
            ...(peers === null ? [] : ofPeers(rules)),
            ...(most === null ? [] : [crowded(rules, most)]),
          ]),
          ...(most !== null && rules.alone ? forgotten(rules) : []),
        ),
      ),
    ),
  );
}

function ofPeers({ peerPorts }: FirewallRules): string[] {
  return [
    `ip protocol ${vrrp} ip saddr != @peers counter drop`,
    `ip protocol ${vrrp} ip ttl != 255 counter drop`,
    ...peerPorts.map((port) => `tcp dport ${integer(port, 1)} ip saddr != @peers counter drop`),
  ];
}

/** Memory for who has connections: as many addresses as a balancer can have connections, and more. */
function crowd({ trusted }: FirewallRules): string[] {
  return paragraphs(
    addresses("trusted", trusted),
    block("set crowd", ["type ipv4_addr;", "size 65536;", "flags dynamic;"]),
  );
}

/**
 * Connections to nodes, checks and the rest are not remembered: the kernel has room for 65,536 on a machine of up to 4 GB, each a while
 * longer than it lasts, and without room it drops new clients.
 */
function forgotten({ ports }: FirewallRules): string[][] {
  const known = ports.map((port) => integer(port, 1)).join(", ");
  return [
    block("chain arriving", [
      "type filter hook prerouting priority raw; policy accept;",
      `tcp dport != { ${known} } notrack`,
    ]),
    block("chain leaving", [
      "type filter hook output priority raw; policy accept;",
      `tcp sport != { ${known} } notrack`,
    ]),
  ];
}

function crowded({ ports }: FirewallRules, most: number): string {
  const known = ports.map((port) => integer(port, 1)).join(", ");
  // A refused client hears so at once.
  return `tcp dport { ${known} } ct state new ip saddr != @trusted add @crowd { ip saddr ct count over ${integer(most, 1)} } counter reject with tcp reset`;
}

function addresses(name: string, members: readonly string[]): string[] {
  return block(`set ${name}`, [
    "type ipv4_addr;",
    // Networks beside addresses, also such as lie in each other.
    "flags interval;",
    "auto-merge;",
    ...(members.length === 0 ? [] : [`elements = { ${members.map(word).join(", ")} }`]),
  ]);
}
