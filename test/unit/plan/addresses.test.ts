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
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { planAny } from "../../support/plan-any.ts";
import { arbitraryStack } from "../../support/specs.ts";

function network(text: string): Subnet {
  const subnet = parseSubnet(text);
  if (subnet === null) throw new Error(`${text} is no network`);
  return subnet;
}

describe("in 10.77.2.0/23", () => {
  const subnet = network("10.77.2.0/23");

  test("the tier stands where the layout's picture shows it", () => {
    expect(fixedAddresses(subnet)).toEqual({
      gateway: "10.77.2.1",
      virtual: "10.77.2.10",
      door: "10.77.2.11",
    });
    expect([1, 2, 3, 4].map((ordinal) => balancerAddress(subnet, ordinal))).toEqual([
      "10.77.2.2",
      "10.77.2.3",
      "10.77.2.4",
      "10.77.2.5",
    ]);
  });

  test.each([
    [0, "active", 1, "10.77.2.32"],
    [0, "active", 20, "10.77.2.51"],
    [0, "hot", 1, "10.77.2.52"],
    [0, "hot", 6, "10.77.2.57"],
    [0, "cold", 1, "10.77.2.58"],
    [0, "cold", 6, "10.77.2.63"],
    [1, "active", 1, "10.77.2.64"],
    [6, "cold", 6, "10.77.2.255"],
  ] as const)("pool %i's %s node %i has %s", (pool, role, ordinal, address) => {
    expect(nodeAddress(subnet, pool, role, ordinal)).toBe(address);
  });

  test("the platform may give out the first block of the upper half", () => {
    expect(dynamicRange(subnet)).toBe("10.77.3.0/27");
  });
});

test("in a /16 a pool has a block of 4096 addresses", () => {
  const subnet = network("10.9.0.0/16");
  expect(nodeAddress(subnet, 0, "active", 1)).toBe("10.9.16.0");
  expect(nodeAddress(subnet, 6, "active", 1000)).toBe("10.9.115.231");
  expect(dynamicRange(subnet)).toBe("10.9.128.0/20");
});

describe("what is derived from a seed", () => {
  test("is the same for the same seed and differs between owners", () => {
    expect(derivedSubnet("0123abcd/dev")).toEqual(derivedSubnet("0123abcd/dev"));
    expect(derivedSubnet("0123abcd/dev")).not.toEqual(derivedSubnet("0123abce/dev"));
    expect(derivedPorts("0123abcd/dev")).not.toEqual(derivedPorts("0123abce/dev"));
  });

  test("is a /23 in 10.64.0.0/10 and two neighbouring ports in 20000–29999, whatever the seed", () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const { base, prefix } = derivedSubnet(seed);
        expect(prefix).toBe(23);
        expect(base % 512).toBe(0);
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
    plan.network.virtualAddress,
    ...plan.balancers.map(({ address }) => address),
    ...plan.nodes.map(({ address }) => address),
    ...(plan.door === null ? [] : [plan.door.address]),
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
