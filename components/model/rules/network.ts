import { parseSubnet, type Subnet, subnetSize } from "../ip.ts";
import { addressesPerRole, derivedPrefix, maximumPools, prefixRange, shortestOfPlatform } from "../layout.ts";
import { platformTraits } from "../platforms/select.ts";
import type { Problem } from "../problem.ts";
import { specialRangeOf } from "../ranges.ts";
import type { PoolSpec } from "../spec.ts";
import { aboutKnownFields } from "../unknown.ts";
import type { Rule } from "./rule.ts";

const subnetUsable: Rule = (spec) => {
  const text = spec.network.subnet;
  if (text === "auto") return [];
  const path = "network.subnet";
  const subnet = parseSubnet(text);
  if (subnet === null) {
    return [
      {
        code: "network.host-bits",
        path,
        message: `${text} is not the first address of a network`,
        hint: "clear its host bits, e.g. 10.77.0.0/22",
      },
    ];
  }
  const { addresses } = platformTraits(spec.platform.kind);
  if (addresses === "given") return specialRange(subnet, text);
  const shortest = addresses === "platform" ? shortestOfPlatform : prefixRange.shortest;
  if (subnet.prefix < shortest || subnet.prefix > prefixRange.longest) {
    return [
      {
        code: "network.subnet-size",
        path,
        message: `${text} has ${subnetSize(subnet)} addresses; the layout works for /${shortest} to /${prefixRange.longest}`,
        hint:
          addresses === "platform"
            ? "use a /22 (251 usable addresses in each zone) unless you need more"
            : "use a /22 (1024 addresses, 20 active nodes a pool) unless you need more",
      },
    ];
  }
  // Which ranges a platform's own networks can't have is said by its rules.
  return addresses === "platform" ? [] : specialRange(subnet, text);
};

function specialRange(subnet: Subnet, text: string): Problem[] {
  const taken = specialRangeOf(subnet);
  if (taken === null) return [];
  return [
    {
      code: "network.special-range",
      path: "network.subnet",
      message: `${text} is in ${taken.network}, whose addresses are ${taken.because}`,
      hint: "choose another, e.g. 10.77.0.0/22",
    },
  ];
}

/** Where the kit or the platform gives out addresses, the virtual one is among them. */
const virtualAddressFree: Rule = ({ network: { virtualAddress }, platform }) =>
  virtualAddress === "auto" || platformTraits(platform.kind).addresses === "given"
    ? []
    : [
        {
          code: "network.virtual-address-chosen",
          path: "network.virtualAddress",
          message: `a stack on ${JSON.stringify(platform.kind)} has no say in it: it follows from the network`,
          hint: 'set it to "auto"',
        },
      ];

const subnetHoldsNodes: Rule = (spec) => {
  // Where the platform gives out the addresses, or the stack does, a rule of its own counts them.
  if (platformTraits(spec.platform.kind).addresses !== "layout") return [];
  const subnet =
    spec.network.subnet === "auto" ? { base: 0, prefix: derivedPrefix } : parseSubnet(spec.network.subnet);
  if (subnet === null || subnet.prefix > prefixRange.longest) return [];
  return Object.entries(spec.pools).flatMap(([name, pool]) =>
    aboutKnownFields(() => poolFits(`pools.${name}`, pool, subnet.prefix)),
  );
};

function poolFits(path: string, pool: PoolSpec, prefix: number): Problem[] {
  const wanted = { active: pool.active, hot: pool.standby.hot, cold: pool.standby.cold };
  return (["active", "hot", "cold"] as const).flatMap((role): Problem[] => {
    const room = addressesPerRole(prefix, role);
    if (wanted[role] <= room) return [];
    const enough = prefixThatHolds(role, wanted[role]);
    return [
      {
        code: "network.too-small",
        path: `${path}.${role === "active" ? "active" : `standby.${role}`}`,
        message: `${wanted[role]} ${role} nodes need as many addresses; a /${prefix} gives each pool ${room} of that role`,
        hint:
          enough === null
            ? "use several pools"
            : `set network.subnet to a /${enough} or larger, or use several pools`,
      },
    ];
  });
}

function prefixThatHolds(role: "active" | "hot" | "cold", count: number): number | null {
  for (let prefix = prefixRange.longest; prefix >= prefixRange.shortest; prefix--) {
    if (addressesPerRole(prefix, role) >= count) return prefix;
  }
  return null;
}

const poolsFit: Rule = (spec) => {
  const count = Object.keys(spec.pools).length;
  if (count === 0) {
    return [
      {
        code: "pools.none",
        path: "pools",
        message: "there is no pool, so nothing could answer",
        hint: "add one, e.g. web: { active: 2 }",
      },
    ];
  }
  if (count <= maximumPools || platformTraits(spec.platform.kind).addresses !== "layout") return [];
  return [
    {
      code: "pools.too-many",
      path: "pools",
      message: `${count} pools; a network has room for ${maximumPools}`,
      hint: "split the cluster in two",
    },
  ];
};

export const networkRules: readonly Rule[] = [subnetUsable, virtualAddressFree, subnetHoldsNodes, poolsFit];
