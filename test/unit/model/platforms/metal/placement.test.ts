import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadStack } from "../../../../../components/model/define.ts";
import { placedMachines, placement } from "../../../../../components/model/platforms/metal/placement.ts";
import type { MetalSpec } from "../../../../../components/model/spec.ts";
import { metalStack, servers } from "../../../../support/metal/stacks.ts";

const specOf = (platform: object, others: object = {}) => {
  const spec = loadStack("test", metalStack(platform, others));
  return { spec, platform: spec.platform as MetalSpec };
};
const place = (platform: object, others: object = {}, placed: Record<string, string> = {}) => {
  const all = specOf(platform, others);
  return Object.fromEntries(placement(all.spec, all.platform, placed));
};

describe("which machine stands on which server", () => {
  test("three servers carry a pair and three nodes", () => {
    expect(place({})).toEqual({ "lb-1": "s1", "lb-2": "s2", "web-1": "s3", "web-2": "s1", "web-3": "s2" });
  });

  test("with enough servers each has one of its own", () => {
    const found = place({ servers: servers([{}, {}, {}, {}, {}]) });
    expect(new Set(Object.values(found)).size).toBe(5);
  });

  test("balancers stand in different racks, and on different feeds", () => {
    const racks = [{ rack: "a" }, { rack: "a" }, { rack: "b" }];
    expect(place({ servers: servers(racks) })).toMatchObject({ "lb-1": "s1", "lb-2": "s3" });
    const feeds = [{ feed: "a" }, { feed: "a" }, { feed: "b" }];
    expect(place({ servers: servers(feeds) })).toMatchObject({ "lb-1": "s1", "lb-2": "s3" });
  });

  test("nodes of a pool are spread over racks", () => {
    const racks = ["a", "a", "a", "b", "b", "b"].map((rack) => ({ rack }));
    const found = place(
      { servers: servers(racks) },
      { balancer: { kind: "nginx", count: 1 }, pools: { web: { active: 2 } } },
    );
    expect(found).toEqual({ "lb-1": "s1", "web-1": "s2", "web-2": "s4" });
  });

  test("what the stack assigns counts before all else", () => {
    expect(place({ assign: { "web-3": "s1", "lb-1": "s3" } })).toMatchObject({ "web-3": "s1", "lb-1": "s3" });
  });

  test("a placed machine gives way to an assigned one", () => {
    expect(place({ assign: { "web-2": "s3" } }, {}, { "web-1": "s3" })).toMatchObject({ "web-2": "s3" });
    expect(place({ assign: { "web-2": "s3" } }, {}, { "web-1": "s3" })["web-1"]).not.toBe("s3");
  });

  test("a pair in one rack comes apart when there is a second one, and nobody else moves", () => {
    const before = place({ servers: servers([{ rack: "a" }, { rack: "a" }, { rack: "a" }]) });
    const after = place(
      { servers: servers([{ rack: "a" }, { rack: "a" }, { rack: "a" }, { rack: "b" }]) },
      {},
      before,
    );
    expect(after).toEqual({ ...before, "lb-2": "s4" });
  });
});

const racked = fc.record({
  rack: fc.constantFrom(null, "a", "b", "c"),
  feed: fc.constantFrom(null, "f", "g"),
});

test("no server carries two of a kind, everybody has one, and two balancers never share a rack when there are two", () => {
  fc.assert(
    fc.property(
      fc.array(racked, { minLength: 2, maxLength: 9 }),
      fc.integer({ min: 1, max: 2 }),
      fc.nat(8),
      (places, count, more) => {
        const active = 1 + (more % places.length);
        const { spec, platform } = specOf(
          { servers: servers(places) },
          { balancer: { kind: "nginx", count }, pools: { web: { active } } },
        );
        const found = placement(spec, platform);
        const machines = placedMachines(spec);
        expect([...found.keys()]).toEqual(machines.map(({ key }) => key));
        for (const slot of ["balancer", "node"]) {
          const of = machines.filter((machine) => machine.slot === slot).map(({ key }) => found.get(key));
          expect(new Set(of).size).toBe(of.length);
        }
        const rackOf = (key: string) => platform.servers[found.get(key) ?? ""]?.rack;
        const racks = new Set(places.map(({ rack }) => rack));
        if (count === 2 && !racks.has(null) && racks.size > 1)
          expect(rackOf("lb-1")).not.toBe(rackOf("lb-2"));
      },
    ),
  );
});

test("another server moves nobody, whatever it is called and wherever it stands", () => {
  fc.assert(
    fc.property(
      fc.array(racked, { minLength: 3, maxLength: 8 }),
      racked,
      fc.boolean(),
      (places, added, first) => {
        const racks = (all: readonly { rack: string | null }[]) => new Set(all.map(({ rack }) => rack));
        // The first server in a second rack takes a balancer, as the test above says.
        fc.pre(racks(places).size > 1 || racks([...places, added]).size === 1);
        const before = specOf({ servers: servers(places) });
        const grown = { "a-new": { ...servers([added]).s1, address: "192.0.2.99" } };
        const all = first
          ? { ...grown, ...before.platform.servers }
          : { ...before.platform.servers, ...grown };
        const stands = placement(before.spec, before.platform);
        const after = placement(
          before.spec,
          { servers: all as unknown as MetalSpec["servers"], assign: {} },
          Object.fromEntries(stands),
        );
        expect(Object.fromEntries(after)).toEqual(Object.fromEntries(stands));
      },
    ),
  );
});
