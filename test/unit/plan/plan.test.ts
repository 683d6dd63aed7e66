import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadStack } from "../../../components/model/define.ts";
import { clusterSubnet, plan } from "../../../components/plan/plan.ts";
import type { ClusterPlan, NodePlan } from "../../../components/plan/types.ts";
import { render } from "../../../components/render/index.ts";
import { contextFor, planAny } from "../../support/plan-any.ts";
import { small, withBalancer, withPool } from "../../support/small.ts";
import { arbitraryStack } from "../../support/specs.ts";
import { stacks } from "../../support/stacks.ts";

type Stack = { pools: Record<string, { active: number; standby?: { hot?: number; cold?: number } }> };
const planOf = (stack: Record<string, unknown>) => planAny(stack as Stack);
const network = { subnet: "10.77.0.0/22" };

describe("the plan of a small stack", () => {
  const made = planOf(
    small({ network, pools: { web: { active: 2, standby: { hot: 1, cold: 1 }, weights: { "web-2": 5 } } } }),
  );

  test("has its head, network and tier", () => {
    const { schema, cluster, owner, environment, platform, protect, network: planned, tier } = made;
    expect({ schema, cluster, owner, environment, platform, protect, planned, tier }).toEqual({
      schema: "hotspare.plan/2",
      cluster: "demo",
      owner: "0123abcd",
      environment: "development",
      platform: { kind: "docker" },
      protect: false,
      planned: {
        name: "demo-0123-net",
        subnet: "10.77.0.0/22",
        gateway: "10.77.0.1",
        virtualAddress: "10.77.0.10",
        dynamicRange: "10.77.2.0/27",
      },
      tier: {
        kind: "nginx",
        httpPort: 80,
        tls: null,
        failover: { advertise: 100, preempt: false, routerId: 51 },
        bodyLimit: 1_048_576,
        compression: false,
        paths: "strict",
        headers: {
          requestLimit: 16_384,
          answerLimit: 16_384,
          fromClient: [],
          underscores: false,
          security: false,
        },
        connections: { perAddress: 2048, bodiesPerAddress: 1024 },
        logs: { arguments: false },
        trustedProxies: ["10.77.0.11"],
        cpus: 1,
        memory: 268_435_456,
      },
    });
  });

  test("has its balancers, the first with the highest priority", () => {
    const common = { role: "balancer", image: "hotspare/balancer:test", cpus: 1, memory: 268_435_456 };
    expect(made.balancers).toEqual([
      {
        ...common,
        key: "lb-1",
        name: "demo-0123-lb-1",
        hostname: "lb-1",
        address: "10.77.0.2",
        priority: 150,
      },
      {
        ...common,
        key: "lb-2",
        name: "demo-0123-lb-2",
        hostname: "lb-2",
        address: "10.77.0.3",
        priority: 140,
      },
    ]);
  });

  test("has its nodes: active, then hot, then cold", () => {
    const rows = made.nodes.map(({ key, name, role, address, weight }) => [key, name, role, address, weight]);
    expect(rows).toEqual([
      ["web-1", "demo-0123-web-1", "active", "10.77.0.32", 1],
      ["web-2", "demo-0123-web-2", "active", "10.77.0.33", 5],
      ["web-hot-1", "demo-0123-web-hot-1", "hot", "10.77.0.52", 1],
      ["web-cold-1", "demo-0123-web-cold-1", "cold", "10.77.0.58", 1],
    ]);
  });

  test("tells a node who it is, beside its own variables", () => {
    const [node] = planOf(
      withPool({ port: 3000, environment: { LEVEL: "info", KEY: { secret: "key" } } }),
    ).nodes;
    expect(node?.environment).toEqual({
      HOTSPARE_CLUSTER: "demo",
      HOTSPARE_NODE: "web-1",
      PORT: "3000",
      LEVEL: "info",
      KEY: { secret: "key" },
    });
  });
});

describe("images", () => {
  test.each([
    [{ kind: "sample" }, "hotspare/node:test"],
    [{ kind: "reference", reference: "ghcr.io/acme/api:1" }, "ghcr.io/acme/api:1"],
    [{ kind: "build", context: "api" }, "hotspare/web:test"],
  ])("%j becomes %s", (image, reference) => {
    expect(planOf(withPool({ image })).nodes.map((node) => node.image)).toEqual([reference, reference]);
  });

  test("a reference that nobody gave is an error that names it", () => {
    const spec = loadStack("demo", small());
    expect(() => plan(spec, { owner: "0123abcd", images: { balancer: "b" } })).toThrow(
      'no image reference was given for "node"',
    );
  });
});

describe("the door", () => {
  const tls = { listen: { tls: {} } };

  test("has the ports that the stack gives", () => {
    const { door } = planOf(withBalancer({ ...tls, door: { http: 8080, tls: 8443 } }));
    expect(door).toMatchObject({ key: "door", role: "door", httpPort: 8080, tlsPort: 8443 });
  });

  test("has no TLS port where the balancers don't listen for it", () => {
    expect(planOf(withBalancer({ door: { http: 8080, tls: 8443 } })).door).toMatchObject({ tlsPort: null });
  });

  test("has two derived ports otherwise, other ones for another owner", () => {
    const stack = withBalancer(tls) as unknown as Stack;
    const [one, two] = [planAny(stack, "0123abcd").door, planAny(stack, "0123abce").door];
    expect(one?.tlsPort).toBe((one?.httpPort ?? 0) + 1);
    expect(two?.httpPort).not.toBe(one?.httpPort);
  });
});

test("a cluster without a network of its own gets one that differs between owners", () => {
  const spec = loadStack("demo", small());
  expect(clusterSubnet(spec, "0123abcd")).toEqual(clusterSubnet(spec, "0123abcd"));
  expect(clusterSubnet(spec, "0123abcd")).not.toEqual(clusterSubnet(spec, "0123abce"));
});

describe("every valid stack", () => {
  test("is planned and rendered without an error", () => {
    fc.assert(
      fc.property(arbitraryStack(), (stack) => {
        const made = planAny(stack);
        expect(render(made).map(({ machine }) => machine)).toEqual([
          ...made.balancers.map(({ key }) => key),
          ...made.wardens.map(({ key }) => key),
          "door",
        ]);
      }),
      { numRuns: 2000 },
    );
  });

  test("gives the same plan again, as plain JSON", () => {
    fc.assert(
      fc.property(arbitraryStack(), (stack) => {
        const made = planAny(stack);
        expect(JSON.parse(JSON.stringify(made))).toStrictEqual(made);
        expect(JSON.stringify(planAny(structuredClone(stack)))).toBe(JSON.stringify(made));
      }),
      { numRuns: 300 },
    );
  });

  test("gives every machine a key and a name of its own, a host name of at most 63 characters", () => {
    fc.assert(
      fc.property(arbitraryStack(), (stack) => {
        const machines = machinesOf(planAny(stack));
        expect(new Set(machines.map(({ key }) => key)).size).toBe(machines.length);
        expect(new Set(machines.map(({ name }) => name)).size).toBe(machines.length);
        for (const { name } of machines) expect(name).toMatch(/^[a-z][a-z0-9-]{0,62}$/);
      }),
      { numRuns: 300 },
    );
  });

  test("gives every balancer a VRRP priority of its own, from 1 to 254, the first the highest", () => {
    fc.assert(
      fc.property(arbitraryStack(), (stack) => {
        const priorities = planAny(stack).balancers.map(({ priority }) => priority);
        expect(priorities).toEqual([...new Set(priorities)].sort((a, b) => b - a));
        expect(Math.min(...priorities)).toBeGreaterThanOrEqual(1);
        expect(Math.max(...priorities)).toBeLessThanOrEqual(254);
      }),
      { numRuns: 100 },
    );
  });

  test("gives every node the weight that the stack says, or 1", () => {
    fc.assert(
      fc.property(arbitraryStack(), (stack) => {
        const { nodes } = planAny(stack);
        const weights = nodes.map(({ pool, key }) => stack.pools[pool]?.weights?.[key] ?? 1);
        expect(nodes.map(({ weight }) => weight)).toEqual(weights);
      }),
      { numRuns: 100 },
    );
  });
});

describe("scaling", () => {
  const counts = fc.record({
    active: fc.integer({ min: 1, max: 20 }),
    hot: fc.integer({ min: 0, max: 6 }),
    cold: fc.integer({ min: 0, max: 6 }),
  });
  const pools = (...sizes: { active: number; hot: number; cold: number }[]) =>
    small({
      network,
      pools: Object.fromEntries(
        sizes.map(({ active, hot, cold }, index) => [`p${index}`, { active, standby: { hot, cold } }]),
      ),
      routes: sizes.map((_, index) => ({ path: `/${index}`, pool: `p${index}` })),
    });

  test("any pools up and down changes nothing of any machine that stays", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(counts, counts), { minLength: 1, maxLength: 7 }), (pairs) => {
        const before = planOf(pools(...pairs.map(([size]) => size)));
        const after = planOf(pools(...pairs.map(([, size]) => size)));
        const later = new Map(machinesOf(after).map((machine) => [machine.key, machine]));
        const staying = machinesOf(before).filter(({ key }) => later.has(key));
        expect(staying.map(({ key }) => later.get(key))).toEqual(staying);
        expect(after.network).toEqual(before.network);
      }),
      { numRuns: 300 },
    );
  });

  test("removes the nodes with the highest ordinals and no others", () => {
    const keys = (active: number) =>
      planOf(pools({ active, hot: 0, cold: 0 })).nodes.map(({ key }: NodePlan) => key);
    expect(keys(5)).toEqual(["p0-1", "p0-2", "p0-3", "p0-4", "p0-5"]);
    expect(keys(4)).toEqual(["p0-1", "p0-2", "p0-3", "p0-4"]);
  });

  test("a pool added at the end moves no node", () => {
    const size = { active: 2, hot: 1, cold: 1 };
    const before = planOf(pools(size)).nodes;
    expect(planOf(pools(size, size)).nodes.slice(0, before.length)).toEqual(before);
  });
});

test("7 pools of 100 nodes are planned in less than 300 ms", () => {
  const names = Array.from({ length: 7 }, (_, index) => `pool-${index + 1}`);
  const stack = small({
    network: { subnet: "10.0.0.0/16" },
    pools: Object.fromEntries(names.map((name) => [name, { active: 60, standby: { hot: 20, cold: 20 } }])),
    routes: names.map((pool) => ({ path: `/${pool}/`, pool })),
  });
  const spec = loadStack("large", stack);
  const context = contextFor(stack as unknown as Stack);
  plan(spec, context);
  const start = performance.now();
  expect(plan(spec, context).nodes).toHaveLength(700);
  expect(performance.now() - start).toBeLessThan(300);
});

test.each(Object.entries(stacks))("stack %s is planned without a warning", (_, stack) => {
  expect(planAny(stack as Stack).warnings).toEqual([]);
});

function machinesOf(made: ClusterPlan) {
  return [...made.balancers, ...made.nodes, ...made.wardens, ...(made.door === null ? [] : [made.door])];
}
