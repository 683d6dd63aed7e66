import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkStack, defineStack, loadStack } from "../../../components/model/define.ts";
import { formatProblem } from "../../../components/model/problem.ts";
import { isSecret, secret } from "../../../components/model/secret.ts";
import { arbitraryFault, arbitraryMutation } from "../../support/mutations.ts";
import { small } from "../../support/small.ts";
import { arbitraryStack } from "../../support/specs.ts";

test("a stack is returned as it was written", () => {
  const stack = small();
  expect(defineStack(stack as never)).toBe(stack);
});

test("a secret is a reference by name and a text is none", () => {
  expect(secret("tls-key")).toEqual({ secret: "tls-key" });
  expect([isSecret(secret("tls-key")), isSecret("tls-key")]).toEqual([true, false]);
});

describe("after loading", () => {
  test("every default is there, amounts in milliseconds and bytes", () => {
    expect(loadStack("demo", small())).toEqual({
      name: "demo",
      id: "demo",
      environment: "development",
      platform: { kind: "docker" },
      network: { subnet: "auto", virtualAddress: "auto" },
      directors: null,
      balancer: {
        kind: "nginx",
        count: 2,
        listen: { http: 80, tls: null },
        door: { http: "auto", tls: "auto" },
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
        rateLimit: null,
        trustedProxies: [],
        cpus: 1,
        memory: 268_435_456,
      },
      pools: {
        web: {
          id: "web",
          name: "web",
          image: { kind: "sample" },
          port: 8080,
          keepAlive: 1000,
          retryBudget: 0.2,
          active: 2,
          standby: { hot: 0, cold: 0 },
          algorithm: { kind: "weighted-round-robin" },
          sticky: null,
          weights: {},
          health: {
            path: "/readyz",
            protocol: "http",
            service: "",
            host: null,
            headers: {},
            interval: 200,
            startup: 60_000,
            timeout: 150,
            fall: 2,
            rise: 2,
          },
          protocol: "http",
          tls: null,
          cpus: 0.5,
          memory: 134_217_728,
          readOnly: false,
          command: null,
          user: null,
          environmentFiles: [],
          files: {},
          volumes: {},
          tmpfs: {},
          capabilities: [],
          shm: null,
          ulimits: {},
          environment: {},
          beforeRelease: null,
          afterRelease: null,
          stopGrace: 10_000,
        },
      },
      accessories: {},
      workers: {},
      routes: [],
      rollout: { patience: null, step: 2500, drain: 30_000 },
      warden: {
        enabled: true,
        openToNodes: false,
        coldAfter: 500,
        calm: 10_000,
        limit: 200,
        restart: { after: 2000, unhealthyAfter: 10_000, tries: 3, backoff: 5000 },
      },
      protect: false,
      acknowledge: [],
    });
  });

  test("a TLS listener and a route have theirs", () => {
    const { balancer, routes } = loadStack(
      "demo",
      small({ balancer: { kind: "nginx", listen: { tls: {} } }, routes: [{ path: "/", pool: "web" }] }),
    );
    expect(balancer).toHaveProperty("listen.tls", {
      port: 443,
      certificate: { kind: "self-signed", names: ["localhost"] },
      redirect: true,
      strictTransport: "auto",
    });
    expect(routes).toEqual([
      {
        path: "/",
        host: null,
        pool: "web",
        idempotent: false,
        connectTimeout: 250,
        patience: "learned",
        readTimeout: 60_000,
        retryFor: 4000,
        tries: 3,
        bodyLimit: null,
        rateLimit: null,
        streaming: false,
      },
    ]);
  });

  test("nothing is undefined in any valid stack", () => {
    fc.assert(
      fc.property(arbitraryStack(), (stack) => {
        const spec = loadStack("any", stack);
        expect(JSON.parse(JSON.stringify(spec))).toStrictEqual(spec);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a wrong shape hides no rule", () => {
  const problems = (stack: unknown) => checkStack(stack).problems.map(formatProblem);

  test("a mistyped field and problems of the rules elsewhere come together", () => {
    const stack = {
      name: "Demo",
      environment: "development",
      platform: { kind: "docker" },
      network: { subnet: "10.0.0.1/16" },
      balancer: { kind: "nginx", count: "2", listen: { http: 9180 } },
      pools: { web: { active: 2, standbys: 1, weights: { "web-3": 2 } }, api: { active: 1 } },
      routes: [
        { path: "/", pool: "web", tries: 0 },
        { path: "/api/", pool: "nowhere" },
      ],
    };
    expect(problems(stack)).toEqual([
      'name: "Demo" is not a name of lower-case letters, digits and inner hyphens that starts with a letter; write "demo" (shape.wrong-value)',
      'balancer.count: "2" is not a number; give a number (shape.wrong-type)',
      'pools.web.standbys: there is no such field; write "standby", if you meant that (shape.unknown-field)',
      "routes[0].tries: 0 is below the minimum of 1; choose a value within the range (shape.out-of-range)",
      "network.subnet: 10.0.0.1/16 is not the first address of a network; clear its host bits, e.g. 10.77.0.0/22 (network.host-bits)",
      "balancer.listen.http: 9180 is where a balancer tells of itself; choose another port (balancer.port-reserved)",
      'pools.web.weights.web-3: the pool has no node "web-3"; use one of [web-1, web-2] (pool.weight-unknown-node)',
      'routes[1].pool: there is no pool "nowhere"; use one of [web, api] (route.unknown-pool)',
    ]);
  });

  test.each([
    ["how many nodes there are", { pools: { web: { active: "9", weights: { "web-9": 2 } } } }],
    ["how large the network is", { network: { subnet: "10.0.0.0" }, pools: { web: { active: 100 } } }],
    [
      "where a route leads",
      { pools: { web: { active: 1 }, api: { active: 1 } }, routes: [{ path: "/api/" }] },
    ],
    ["what a pool is called", { pools: { Web: { active: 1 } }, routes: [{ path: "/", pool: "Web" }] }],
    ["what it is for", { environment: "live", balancer: { kind: "nginx", count: 1 } }],
    ["which pools there are", { pools: 3, routes: [{ path: "/", pool: "web" }] }],
    ["how often is checked", { pools: { web: { active: 1, health: { interval: 5, timeout: "30 s" } } } }],
    ["which ports are listened on", { balancer: { kind: "nginx", listen: { http: "443", tls: {} } } }],
  ])("nothing is claimed that depends on a wrong field: %s", (_, fields) => {
    const { problems } = checkStack(small(fields));
    expect(problems.map(({ code }) => code)).toEqual([expect.stringMatching(/^shape\./)]);
  });

  test("the other pool is still looked at when one is wrong", () => {
    const pools = {
      web: { active: "2", weights: { "web-9": 1 } },
      api: { active: 1, weights: { "api-2": 1 } },
    };
    const routes = [
      { path: "/", pool: "web" },
      { path: "/api", pool: "api" },
    ];
    expect(checkStack(small({ pools, routes })).problems.map(({ path }) => path)).toEqual([
      "pools.web.active",
      "pools.api.weights.api-2",
    ]);
  });
});

const hasWrongShape = (stack: unknown) =>
  checkStack(stack).problems.some(({ code }) => code.startsWith("shape."));

describe("properties", () => {
  test("a stack with one broken field is refused, and a problem names that field", () => {
    fc.assert(
      fc.property(arbitraryMutation(), ({ stack, path }) => {
        expect(checkStack(stack).problems.map((problem) => problem.path)).toContain(path);
      }),
      { numRuns: 2000 },
    );
  });

  test("a field of the wrong shape in an otherwise valid stack makes no rule object", () => {
    fc.assert(
      fc.property(arbitraryMutation(), ({ stack }) => {
        const codes = checkStack(stack).problems.map(({ code }) => code);
        const shape = codes.filter((code) => code.startsWith("shape."));
        expect([[], codes]).toContainEqual(shape);
      }),
      { numRuns: 2000 },
    );
  });

  test("of two broken fields neither hides the other, unless a rule needs a field of wrong shape", () => {
    fc.assert(
      fc.property(arbitraryStack(), arbitraryFault(), arbitraryFault(), (stack, first, second) => {
        const { path } = first(stack);
        const both = second(first(stack).stack as never);
        // What is below an unknown kind can't be looked at.
        const [one, two] = [path, both.path].map((text) => text.replace(/\.kind$/, ""));
        fc.pre(!path.startsWith(two ?? "") && !both.path.startsWith(one ?? ""));
        fc.pre(hasWrongShape(first(stack).stack) === hasWrongShape(second(stack).stack));
        const paths = checkStack(both.stack).problems.map((problem) => problem.path);
        expect(paths).toEqual(expect.arrayContaining([path, both.path]));
      }),
      { numRuns: 1000 },
    );
  });

  test("any data at all is refused with problems and never throws", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        expect(checkStack(data).problems.length).toBeGreaterThan(0);
      }),
    );
  });
});

test("700 nodes, 700 weights and 100 routes are checked in less than a second of processor", () => {
  const names = Array.from({ length: 7 }, (_, index) => `pool-${index + 1}`);
  const pool = (name: string) => ({
    active: 100,
    weights: Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`${name}-${index + 1}`, index + 1]),
    ),
  });
  const stack = small({
    network: { subnet: "10.0.0.0/16" },
    pools: Object.fromEntries(names.map((name) => [name, pool(name)])),
    routes: Array.from({ length: 100 }, (_, index) => ({ path: `/${index}/`, pool: names[index % 7] })),
  });
  checkStack(stack);
  const began = process.threadCpuUsage();
  expect(checkStack(stack).problems).toEqual([]);
  const { user, system } = process.threadCpuUsage(began);
  expect((user + system) / 1e6).toBeLessThan(1);
});
