import { contains, parseAddress, parseSubnet, type Subnet, subnetSize } from "../../../ip.ts";
import type { Problem } from "../../../problem.ts";
import type { MetalSpec } from "../../../spec.ts";
import type { MetalRule } from "./rule.ts";

/* The network is there before the kit: the stack has to say what it is like. */

const networkSaid: MetalRule = ({ network }) => [
  ...(network.subnet === "auto"
    ? [
        {
          code: "metal.subnet-needed",
          path: "network.subnet",
          message: "the servers stand in a network that the kit doesn't know",
          hint: "say which, e.g. 192.0.2.0/24",
        },
      ]
    : []),
  ...(network.virtualAddress === "auto"
    ? [
        {
          code: "metal.virtual-address-needed",
          path: "network.virtualAddress",
          message: "nobody but you knows which address of the servers' network is free",
          hint: "choose one that no machine has and no DHCP server gives out",
        },
      ]
    : []),
];

/** Why an address can't be a machine's in a network; null when it can. */
function unfit(text: string, subnet: Subnet): string | null {
  const address = parseAddress(text);
  if (address === null || !contains(subnet, address)) return "is outside of network.subnet";
  if (subnet.prefix > 30) return null;
  if (address === subnet.base) return "is the network's own";
  return address === subnet.base + subnetSize(subnet) - 1 ? "is the network's broadcast address" : null;
}

const addressesFit: MetalRule = ({ network }, { servers }) => {
  const subnet = network.subnet === "auto" ? null : parseSubnet(network.subnet);
  if (subnet === null) return [];
  const all = [
    ...(network.virtualAddress === "auto"
      ? []
      : [["network.virtualAddress", network.virtualAddress] as const]),
    ...Object.entries(servers).map(
      ([name, { address }]) => [`platform.servers.${name}.address`, address] as const,
    ),
  ];
  return all.flatMap(([path, address]) => {
    const why = unfit(address, subnet);
    if (why === null) return [];
    return [
      {
        code: "metal.address-unfit",
        path,
        message: `${address} ${why} (${network.subnet})`,
        hint: "correct the address or the network",
      },
    ];
  });
};

const virtualAddressFree: MetalRule = ({ network: { virtualAddress } }, { servers }) =>
  Object.entries(servers)
    .filter(([, { address, ssh }]) => [address, ssh.host].includes(virtualAddress))
    .map(([name]) => ({
      code: "metal.virtual-address-taken",
      path: "network.virtualAddress",
      message: `${virtualAddress} is the address of ${name}, and has to move between servers`,
      hint: "choose one that no machine has",
    }));

/** What exists once: two servers that name the same are one, or one of them is wrong. */
const unique: Readonly<Record<string, (server: MetalSpec["servers"][string]) => string | null>> = {
  address: ({ address }) => address,
  ssh: ({ ssh }) => `${ssh.host}:${ssh.port}${ssh.jump === null ? "" : ` through ${ssh.jump}`}`,
  "ssh.hostKey": ({ ssh }) => ssh.hostKey,
  serial: ({ serial }) => serial,
  bmc: ({ bmc }) => (bmc === null ? null : bmc.port === null ? bmc.host : `${bmc.host}:${bmc.port}`),
};

const nothingTwice: MetalRule = (_, { servers }) =>
  Object.entries(unique).flatMap(([field, of]) => {
    const first = new Map<string, string>();
    return Object.entries(servers).flatMap(([name, server]): Problem[] => {
      const value = of(server);
      if (value === null) return [];
      const other = first.get(value);
      if (other === undefined) {
        first.set(value, name);
        return [];
      }
      return [
        {
          code: "metal.server-twice",
          path: `platform.servers.${name}.${field}`,
          message: `${field === "ssh.hostKey" ? "the same key" : value} is that of ${other}`,
          hint: "every server has its own; correct one of them",
        },
      ];
    });
  });

export const addressRules: readonly MetalRule[] = [
  networkSaid,
  addressesFit,
  virtualAddressFree,
  nothingTwice,
];
