import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadStack } from "../../../components/model/define.ts";
import { parseAddress, parseSubnet, subnetSize } from "../../../components/model/ip.ts";
import { plan } from "../../../components/plan/plan.ts";
import type { NodePlan, RunningNode } from "../../../components/plan/types.ts";
import { contextFor } from "../../support/plan-any.ts";
import { small } from "../../support/small.ts";
import { arbitraryStack } from "../../support/specs.ts";

type Running = Readonly<Record<string, RunningNode>>;

const network = { subnet: "10.77.0.0/22" };

function nodesOf(stack: Record<string, unknown>, running?: Running): readonly NodePlan[] {
  const context = contextFor(stack as { pools: object });
  return plan(loadStack("test", stack), running === undefined ? context : { ...context, running }).nodes;
}

/** web-1 of a small stack whose pool has these fields. */
function web(fields: object = {}, running?: Running): NodePlan {
  const [node] = nodesOf(small({ network, pools: { web: { active: 2, ...fields } } }), running);
  if (node === undefined) throw new Error("the stack has no node");
  return node;
}

const place = ({ name, generation, address }: NodePlan) => ({ name, generation, address });
/** What runs of one node: its newest generation, and those that still exist beside it. */
const one = (
  generation: number,
  fingerprint: string | null,
  others: readonly number[] = [],
): RunningNode => ({
  generation,
  fingerprint,
  existing: [...others, generation],
});
const ran = (...node: Parameters<typeof one>) => ({ "web-1": one(...node) });
const asItIs = web().fingerprint;

test("what a pool says of its containers is part of each node and of its fingerprint; what it doesn't say is left out", () => {
  const said = { command: ["serve"], user: "app", shm: "1 MB", ulimits: { nofile: 1024 } };
  expect(web(said)).toMatchObject({
    command: ["serve"],
    user: "app",
    shm: 1_048_576,
    ulimits: { nofile: { soft: 1024, hard: 1024 } },
  });
  expect(web(said).fingerprint).not.toBe(web().fingerprint);
  expect(Object.keys(web({ capabilities: [], tmpfs: {}, ulimits: {}, user: null }))).toEqual(
    Object.keys(web()),
  );
});

describe("the generation of a node", () => {
  test("is 0 where none runs, with a plain name", () => {
    const first = { name: "demo-0123-web-1", generation: 0, address: "10.77.0.32" };
    expect(place(web())).toEqual(first);
    expect(place(web({}, {}))).toEqual(first);
    expect(place(web({}, { "web-2": one(5, "other") }))).toEqual(first);
  });

  test("stays where the same runs, with its name and address", () => {
    expect(place(web({}, ran(0, asItIs)))).toEqual(place(web()));
    expect(place(web({}, ran(2, asItIs)))).toEqual({
      name: "demo-0123-web-1-g2",
      generation: 2,
      address: "10.77.2.32",
    });
  });

  test.each([
    [0, 1, "10.77.1.32"],
    [1, 2, "10.77.2.32"],
    [2, 3, "10.77.3.32"],
    [3, 4, "10.77.0.32"],
    [4, 5, "10.77.1.32"],
  ])("is the next where another runs: %i gives %i at %s", (generation, next, address) => {
    expect(place(web({}, ran(generation, "another")))).toEqual({
      name: `demo-0123-web-1-g${next}`,
      generation: next,
      address,
    });
  });

  test.each([
    ["one refused before", 1, [0], 2, "10.77.2.32"],
    ["two refused before", 2, [0, 1], 3, "10.77.3.32"],
    ["three refused, the first still serving: the next address is taken", 5, [4, 2], 7, "10.77.3.32"],
    ["the one that serves is four older", 3, [0], 5, "10.77.1.32"],
    ["nothing free: it is the next, which the platform refuses", 3, [0, 1, 2], 4, "10.77.0.32"],
  ])("passes over addresses that others still have: %s", (_, generation, others, next, address) => {
    expect(place(web({}, ran(generation, "another", others)))).toEqual({
      name: `demo-0123-web-1-g${next}`,
      generation: next,
      address,
    });
  });

  test("stays whatever the stack says for who only looks", () => {
    const looked = web({ port: 9000 }, ran(3, null));
    expect(place(looked)).toEqual({ name: "demo-0123-web-1-g3", generation: 3, address: "10.77.3.32" });
  });

  test("is each node's own: the others stay", () => {
    const second = nodesOf(small({ network }))[1]?.fingerprint ?? "";
    const made = nodesOf(small({ network }), { "web-1": one(1, "another"), "web-2": one(1, second) });
    expect(made.map(({ generation }) => generation)).toEqual([2, 1]);
  });

  test("leaves key and host name alone, by which Pulumi and the node itself know it", () => {
    const { key, hostname, environment } = web({}, ran(0, "another"));
    expect({ key, hostname, node: environment.HOTSPARE_NODE }).toEqual({
      key: "web-1",
      hostname: "web-1",
      node: "web-1",
    });
  });
});

describe("the fingerprint of a node", () => {
  test("is of 16 hex digits, and every node has its own", () => {
    const [one, two] = nodesOf(small({ network }));
    expect(one?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(two?.fingerprint).not.toBe(one?.fingerprint);
  });

  test.each([
    ["weight", { weights: { "web-1": 7 } }],
    ["algorithm", { algorithm: { kind: "two-choices" } }],
    ["health checks", { health: { path: "/healthz", interval: "1 s" } }],
    ["number of nodes", { active: 5, standby: { hot: 2, cold: 1 } }],
  ])("is not changed by its pool's %s, which replaces nobody", (_, fields) => {
    expect(web(fields).fingerprint).toBe(asItIs);
  });

  test("is not changed by its generation", () => {
    expect(web({}, ran(6, "another")).fingerprint).toBe(asItIs);
  });

  test.each([
    ["image", { image: { kind: "reference", reference: "acme/api:2" } }],
    ["port", { port: 8081 }],
    ["environment", { environment: { RELEASE: "2" } }],
    ["secrets by name", { environment: { KEY: { secret: "key" } } }],
    ["cpus", { cpus: 1 }],
    ["memory", { memory: "256 MB" }],
    ["stopGrace", { stopGrace: "11 s" }],
    ["readOnly", { readOnly: true }],
  ])("is changed by %s", (_, fields) => {
    expect(web(fields).fingerprint).not.toBe(asItIs);
  });

  test("is changed by another network, and by a pool that moves to another block", () => {
    const pools = { web: { active: 2 }, api: { active: 1 } };
    const routes = [
      { path: "/", pool: "web" },
      { path: "/api/", pool: "api" },
    ];
    const api = (stack: Record<string, unknown>) =>
      nodesOf(stack).find(({ key }) => key === "api-1")?.fingerprint;
    const before = api(small({ network, pools, routes }));
    expect(api(small({ network: { subnet: "10.78.0.0/22" }, pools, routes }))).not.toBe(before);
    expect(api(small({ network, pools: { api: { active: 1 } }, routes: [] }))).not.toBe(before);
    expect(api(small({ network, pools: { web: { active: 1 }, api: { active: 1 } }, routes }))).toBe(before);
  });
});

/** What might run of any stack: any generation of any of its nodes, as it is planned, otherwise, or only looked at. */
function arbitraryRunning(nodes: readonly NodePlan[]): fc.Arbitrary<Running> {
  const anyOf = (node: NodePlan) =>
    fc.option(
      fc.record({
        generation: fc.oneof(fc.nat(9), fc.nat(100_000)),
        fingerprint: fc.constantFrom(node.fingerprint, "another", null),
        // With three others there is no free address left; that is the platform's to refuse.
        before: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
      }),
    );
  return fc.tuple(...nodes.map(anyOf)).map((entries) =>
    Object.fromEntries(
      nodes.flatMap(({ key }, index): [string, RunningNode][] => {
        const entry = entries[index];
        if (entry === null || entry === undefined) return [];
        const { generation, fingerprint, before } = entry;
        const others = before.map((less) => generation - less).filter((other) => other >= 0);
        return [[key, { generation, fingerprint, existing: [...others, generation] }]];
      }),
    ),
  );
}

const anyRunning = arbitraryStack().chain((stack) =>
  arbitraryRunning(nodesOf(stack)).map((running) => ({ stack, running })),
);

describe("of any stack and whatever runs", () => {
  test("no two machines share an address or a name, and all lie in the network", () => {
    fc.assert(
      fc.property(anyRunning, ({ stack, running }) => {
        const made = plan(loadStack("test", stack), { ...contextFor(stack), running });
        const machines = [...made.balancers, ...made.nodes, ...(made.door === null ? [] : [made.door])];
        expect(new Set(machines.map(({ address }) => address)).size).toBe(machines.length);
        expect(new Set(machines.map(({ name }) => name)).size).toBe(machines.length);
        const subnet = parseSubnet(made.network.subnet) ?? { base: -1, prefix: 32 };
        for (const { address, name } of machines) {
          const offset = (parseAddress(address) ?? -1) - subnet.base;
          expect(offset).toBeGreaterThan(0);
          expect(offset).toBeLessThan(subnetSize(subnet) - 1);
          expect(name.length).toBeLessThanOrEqual(63);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("what is new shares neither address nor name with anything that exists", () => {
    fc.assert(
      fc.property(anyRunning, ({ stack, running }) => {
        // Where everything stands that exists: planned as who only looks, the first of each node, the second, the third.
        const stood = [0, 1, 2].flatMap((index) => {
          const looked = Object.entries(running).flatMap(([key, { existing }]) =>
            existing[index] === undefined ? [] : [[key, one(existing[index], null)]],
          );
          const layer: Running = Object.fromEntries(looked);
          return nodesOf(stack, layer).filter(({ key }) => layer[key] !== undefined);
        });
        const taken = new Set(stood.flatMap(({ name, address }) => [name, address]));
        const fresh = nodesOf(stack, running).filter(
          ({ key, generation }) => running[key]?.generation !== generation,
        );
        for (const { name, address } of fresh)
          expect([taken.has(name), taken.has(address)]).toEqual([false, false]);
      }),
      { numRuns: 100 },
    );
  });
});

test("a change from any stack to any other of the same name gives no machine the name of one that stands", () => {
  fc.assert(
    fc.property(arbitraryStack(), arbitraryStack(), fc.nat(9), (before, after, generation) => {
      const looked = Object.fromEntries(nodesOf(before).map(({ key }) => [key, one(generation, null)]));
      const stood = nodesOf(before, looked);
      const running = Object.fromEntries(
        stood.map(({ key, fingerprint }) => [key, one(generation, fingerprint)]),
      );
      const standing = new Map(stood.map((node) => [node.name, node]));
      for (const node of nodesOf({ ...after, name: before.name }, running)) {
        const same = standing.get(node.name);
        if (same !== undefined) expect({ ...node, weight: same.weight }).toEqual(same);
      }
    }),
    { numRuns: 100 },
  );
});
