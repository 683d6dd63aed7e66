import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contains, parseAddress, parseSubnet, type Subnet } from "../../../components/model/ip.ts";
import {
  balancerAddress,
  derivedPorts,
  derivedSubnet,
  dynamicRange,
  fixedAddresses,
  nodeAddress,
} from "../../../components/plan/addresses.ts";
import type { ClusterPlan, NodeRole } from "../../../components/plan/types.ts";
import { virtualAddressOf } from "../../../components/plan/virtual-address.ts";
import { planAny } from "../../support/plan-any.ts";
import { arbitraryStack } from "../../support/specs.ts";

function network(text: string): Subnet {
  const subnet = parseSubnet(text);
  if (subnet === null) throw new Error(`${text} is no network`);
  return subnet;
}

describe("in 10.77.0.0/22", () => {
  const subnet = network("10.77.0.0/22");

  test("the tier stands where the layout's picture shows it", () => {
    expect(fixedAddresses(subnet)).toEqual({
      gateway: "10.77.0.1",
      virtual: "10.77.0.10",
      door: "10.77.0.11",
      leader: "10.77.0.9",
    });
    expect([1, 2, 3, 4].map((ordinal) => balancerAddress(subnet, ordinal))).toEqual([
      "10.77.0.2",
      "10.77.0.3",
      "10.77.0.4",
      "10.77.0.5",
    ]);
  });

  test.each([
    [0, "active", 1, 0, "10.77.0.32"],
    [0, "active", 20, 0, "10.77.0.51"],
    [0, "hot", 1, 0, "10.77.0.52"],
    [0, "hot", 6, 0, "10.77.0.57"],
    [0, "cold", 1, 0, "10.77.0.58"],
    [0, "cold", 6, 0, "10.77.0.63"],
    [1, "active", 1, 0, "10.77.0.64"],
    [6, "cold", 6, 0, "10.77.0.255"],
    [0, "active", 1, 1, "10.77.1.32"],
    [0, "hot", 1, 2, "10.77.2.52"],
    [6, "cold", 5, 3, "10.77.3.254"],
    // Not 10.77.3.255, which is the network's broadcast address.
    [6, "cold", 6, 3, "10.77.3.0"],
    [0, "active", 1, 4, "10.77.0.32"],
    [0, "active", 1, 4001, "10.77.1.32"],
  ] as const)(
    "pool %i's %s node %i of generation %i has %s",
    (poolIndex, role, ordinal, generation, address) => {
      expect(nodeAddress(subnet, { poolIndex, role, ordinal, generation })).toBe(address);
    },
  );

  test("the platform may give out the first block of the third quarter, where no tier stands", () => {
    expect(dynamicRange(subnet)).toBe("10.77.2.0/27");
  });
});

test("in a /16 a quarter has 16384 addresses and a pool's block 2048", () => {
  const subnet = network("10.9.0.0/16");
  const place = (poolIndex: number, role: NodeRole, ordinal: number, generation: number) =>
    nodeAddress(subnet, { poolIndex, role, ordinal, generation });
  expect(place(0, "active", 1, 0)).toBe("10.9.8.0");
  // Block 7 begins at 7 × 2048 = 56 × 256; the thousandth node is 999 = 3 × 256 + 231 further.
  expect(place(6, "active", 1000, 0)).toBe("10.9.59.231");
  expect(place(6, "active", 1000, 3)).toBe("10.9.251.231");
  expect(dynamicRange(subnet)).toBe("10.9.128.0/21");
});

describe("what is derived from a seed", () => {
  test("is the same for the same seed and differs between owners", () => {
    expect(derivedSubnet("0123abcd/dev")).toEqual(derivedSubnet("0123abcd/dev"));
    expect(derivedSubnet("0123abcd/dev")).not.toEqual(derivedSubnet("0123abce/dev"));
    expect(derivedPorts("0123abcd/dev")).not.toEqual(derivedPorts("0123abce/dev"));
  });

  test("is a /22 in 10.64.0.0/10 and two neighbouring ports in 20000–29999, whatever the seed", () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const { base, prefix } = derivedSubnet(seed);
        expect(prefix).toBe(22);
        expect(base % 1024).toBe(0);
        expect(contains(network("10.64.0.0/10"), base)).toBe(true);
        const { http, tls } = derivedPorts(seed);
        expect(http).toBeGreaterThanOrEqual(20_000);
        expect(tls).toBeLessThan(30_000);
        expect(tls).toBe(http + 1);
      }),
    );
  });

  test("spreads: 64 clusters of one owner share fewer than 3 networks", () => {
    const bases = Array.from({ length: 64 }, (_, index) => derivedSubnet(`0123abcd/cluster-${index}`).base);
    expect(new Set(bases).size).toBeGreaterThan(61);
  });
});

/** Every address of a plan that belongs to one thing alone. */
function addressesOf(plan: ClusterPlan): string[] {
  return [
    plan.network.gateway,
    virtualAddressOf(plan),
    ...plan.balancers.map(({ address }) => address),
    ...plan.nodes.map(({ address }) => address),
    ...(plan.door === null ? [] : [plan.door.address]),
    ...plan.wardens.map(({ address }) => address),
  ];
}

test("no two things share an address, all lie in the network, and none in the range that the platform gives out", () => {
  fc.assert(
    fc.property(arbitraryStack(), (stack) => {
      const plan = planAny(stack);
      const addresses = addressesOf(plan);
      expect(new Set(addresses).size).toBe(addresses.length);
      const [subnet, given] = [network(plan.network.subnet), network(plan.network.dynamicRange)];
      for (const text of addresses) {
        const address = parseAddress(text) ?? -1;
        expect(contains(subnet, address)).toBe(true);
        expect(contains(given, address)).toBe(false);
        expect([subnet.base, subnet.base + 2 ** (32 - subnet.prefix) - 1]).not.toContain(address);
      }
      expect(contains(subnet, given.base)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
