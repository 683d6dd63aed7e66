import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadStack } from "../../../../../components/model/define.ts";
import { contains, parseSubnet, subnetSize } from "../../../../../components/model/ip.ts";
import {
  instanceType,
  similarTypes,
  zonesOf,
} from "../../../../../components/model/platforms/aws/instances.ts";
import { privateSubnet, publicSubnet } from "../../../../../components/model/platforms/aws/layout.ts";
import { poolCapacity } from "../../../../../components/plan/capacity.ts";
import { describePlan } from "../../../../../components/plan/describe.ts";
import { describeForecast } from "../../../../../components/plan/describe-forecast.ts";
import { plan } from "../../../../../components/plan/plan.ts";
import {
  clusterNames,
  frontName,
  limited,
  targetGroupName,
} from "../../../../../components/plan/platforms/aws/names.ts";
import { awsPart, awsPlanOf } from "../../../../../components/plan/platforms/aws/part.ts";
import { awsPlan, awsStack } from "../../../../support/aws/stacks.ts";
import { contextFor } from "../../../../support/plan-any.ts";

describe("instance types", () => {
  test.each([
    ["t3.small", "x86_64", 2, 2, false, true],
    ["m7g.large", "arm64", 2, 8, false, false],
    ["c6gn.medium", "arm64", 1, 2, false, false],
    ["g4dn.xlarge", "x86_64", 4, 16, false, false],
    ["g5g.xlarge", "arm64", 4, 8, false, false],
    ["m5.metal", "x86_64", 96, 384, true, false],
    ["c7g.metal", "arm64", 64, 128, true, false],
    ["a1.large", "arm64", 2, 4, false, false],
  ])("%s is %s with %d vCPUs and %d GiB", (name, architecture, vcpus, memory, metal, burstable) => {
    expect(instanceType(name)).toEqual({ name, architecture, vcpus, memory, metal, burstable });
  });

  test("unknown ones are null, and similar ones are found", () => {
    expect(instanceType("m7g.huge")).toBeNull();
    expect(instanceType("nonsense")).toBeNull();
    expect(instanceType("constructor.name")).toBeNull();
    expect(similarTypes("t4g.huge")).toContain("t4g.small");
    expect(similarTypes("m7z.large")).toContain("m7g.large");
  });

  test("zones are the region's own", () => {
    expect(zonesOf("ap-northeast-1")).toEqual(["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]);
    expect(zonesOf("eu-south-9")).toBeNull();
  });
});

describe("layout of a VPC", () => {
  const vpcs = fc.tuple(fc.integer({ min: 16, max: 24 }), fc.nat(0xffff)).map(([prefix, offset]) => {
    const step = 2 ** (32 - prefix);
    return { prefix, base: 10 * 2 ** 24 + Math.floor((offset * 256) / step) * step };
  });

  test("the subnets lie in it, apart from each other, in AWS's sizes", () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        const subnets = [0, 1, 2].flatMap((zone) => [privateSubnet(vpc, zone), publicSubnet(vpc, zone)]);
        for (const [index, subnet] of subnets.entries()) {
          expect(contains(vpc, subnet.base)).toBe(true);
          expect(contains(vpc, subnet.base + subnetSize(subnet) - 1)).toBe(true);
          expect(subnet.base % subnetSize(subnet)).toBe(0);
          // Amazon VPC user guide: /16 to /28.
          expect(subnet.prefix).toBeLessThanOrEqual(28);
          for (const other of subnets.slice(index + 1))
            expect(contains(subnet, other.base) || contains(other, subnet.base)).toBe(false);
        }
      }),
    );
  });

  test("a zone more moves no subnet", () => {
    const ranges = (zones: number) =>
      new Map(awsPart(awsPlan({ zones }))?.vpc.zones.map((zone) => [zone.name, [zone.public, zone.private]]));
    for (const [zone, subnets] of ranges(2)) expect(ranges(3).get(zone)).toEqual(subnets);
    expect(ranges(3).size).toBe(3);
    expect(parseSubnet(ranges(3).get("eu-central-1c")?.[1] ?? "")).not.toBeNull();
  });
});

describe("groups", () => {
  const count = (made: ReturnType<typeof awsPlan>) =>
    made.groups.map(({ key, role, count, waiting }) => [
      key,
      role,
      count.min,
      count.desired,
      count.max,
      waiting === null ? null : `${waiting.count} ${waiting.state}`,
    ]);

  test("are the balancers', and a pool's active and hot nodes with the cold ones waiting beside", () => {
    const made = awsPlan(
      { pools: { web: { scaling: { min: 2, max: 9, targets: [{ kind: "cpu", percent: 50 }] } } } },
      { pools: { web: { active: 4, standby: { hot: 2, cold: 3 } } } },
    );
    expect(count(made)).toEqual([
      ["lb", "balancer", 2, 2, 2, null],
      ["web", "active", 2, 4, 9, "3 stopped"],
      ["web-hot", "hot", 2, 2, 2, null],
    ]);
    expect([made.nodes, made.balancers, made.wardens, made.door, made.filter]).toEqual([
      [],
      [],
      [],
      null,
      null,
    ]);
    expect(poolCapacity(made, "web")).toMatchObject({ active: 4, hot: 2, cold: 3, cpus: 8 });
    expect(poolCapacity(made, "web").shares).toHaveLength(4);
  });

  test("have fingerprints of what their machines are made of, and of nothing else", () => {
    const prints = (platform: object, fields: object = {}) =>
      Object.fromEntries(awsPlan(platform, fields).groups.map(({ key, fingerprint }) => [key, fingerprint]));
    const pools = (fields: object) => ({ pools: { web: { active: 2, ...fields } } });
    const base = prints({});
    expect(prints({}, pools({ active: 5, standby: { cold: 1 } })).web).toBe(base.web);
    expect(prints({ refresh: { pause: "1 h" } })).toEqual(base);
    expect(prints({}, pools({ environment: { A: "b" } })).web).not.toBe(base.web);
    expect(prints({ instanceType: "t3.medium" }).web).not.toBe(base.web);
    const lbAlone = prints({ balancerType: "t3.medium" });
    expect([lbAlone.web, lbAlone.lb === base.lb]).toEqual([base.web, false]);
  });

  test("have other fingerprints when machines are to hibernate, which only those can that are made for it", () => {
    const image = { kind: "ami", id: "ami-0123456789abcdef0", architecture: "x86_64" };
    const print = (state: string) =>
      awsPlan({ image, pools: { web: { warm: { count: 1, state } } } }).groups.find(
        ({ key }) => key === "web",
      )?.fingerprint;
    expect(print("hibernated")).not.toBe(print("running"));
    const bare = awsPlan({ image }).groups.find(({ key }) => key === "web")?.fingerprint;
    expect(print("running")).toBe(bare);
  });

  test("have other fingerprints when a secret has another value, the balancers when the certificate has", () => {
    const stack = awsStack(
      {},
      {
        balancer: {
          kind: "nginx",
          listen: {
            tls: { certificate: { kind: "given", certificate: { secret: "chain" }, key: { secret: "key" } } },
          },
        },
        pools: { web: { active: 2, environment: { TOKEN: { secret: "token" } } } },
      },
    );
    const prints = (secrets: Record<string, string>) =>
      plan(loadStack("test", stack), { ...contextFor(stack), secrets }).groups.map(
        ({ fingerprint }) => fingerprint,
      );
    const [lb, web] = prints({ chain: "1", key: "1", token: "1" });
    expect(prints({ chain: "1", key: "1", token: "2" })).toEqual([lb, expect.not.stringMatching(web ?? "")]);
    expect(prints({ chain: "2", key: "1", token: "1" })).toEqual([expect.not.stringMatching(lb ?? ""), web]);
  });

  test("keep their check's port when another pool comes or gets a hot standby", () => {
    const checks = (pools: object, routes: object[]) =>
      new Map(awsPart(awsPlan({}, { pools, routes }))?.front.checks.map(({ group, port }) => [group, port]));
    const routes = [
      { path: "/", pool: "web" },
      { path: "/api/", pool: "api" },
    ];
    const more = checks({ web: { active: 1, standby: { hot: 1 } }, api: { active: 1 } }, routes);
    const less = checks({ web: { active: 1 }, api: { active: 1 } }, routes);
    expect(more.get("api")).toBe(less.get("api"));
    expect(new Set(more.values()).size).toBe(3);
  });
});

describe("standbys", () => {
  const ways = (options: object, fields: object) =>
    awsPart(
      awsPlan(
        { instanceType: "t4g.small", pools: { web: options } },
        { pools: { web: { active: 2, ...fields } } },
      ),
    )?.standbys.map(({ kind, count, takes, usdPerMonth }) => [
      kind,
      count,
      takes.low,
      takes.high,
      usdPerMonth,
    ]) ?? [];

  test("are told with their time and price, what serves at once first", () => {
    // t4g.small in eu-central-1: 0.0768 / 4 an hour, 730 hours; 8 GB of disk at 0.0952.
    expect(ways({}, { standby: { hot: 1, cold: 2 } })).toEqual([
      ["hot", 1, 10_000, 58_000, 14.78],
      ["stopped", 2, 35_000, 115_000, 1.52],
      ["launch", 0, 70_000, 295_000, 0],
    ]);
    expect(ways({ warm: { count: 1, state: "running" } }, {})[0]).toEqual([
      "running",
      1,
      15_000,
      75_000,
      14.78,
    ]);
    expect(ways({}, {})).toEqual([["launch", 0, 70_000, 295_000, 0]]);
  });

  test("that have to boot take minutes longer on hardware, and those that run don't", () => {
    const metal = (fields: object, options: object = {}) =>
      awsPart(
        awsPlan(
          { instanceType: "c7g.metal", pools: { web: options } },
          { pools: { web: { active: 2, ...fields } } },
        ),
      )?.standbys.map(({ kind, takes }) => [kind, takes.low, takes.high]);
    expect(metal({ standby: { cold: 1 } })).toEqual([
      ["stopped", 275_000, 1_015_000],
      ["launch", 310_000, 1_195_000],
    ]);
    expect(metal({}, { warm: { count: 1, state: "running" } })?.[0]).toEqual(["running", 15_000, 75_000]);
  });
});

describe("cost", () => {
  test("is the sum of its items, each by hand", () => {
    const { cost } = awsPlanOf(awsPlan({ instanceType: "t4g.small", vpc: { kind: "own", nat: "one" } }));
    expect(
      cost?.items.map(({ what, quantity, usdPerMonth }) => [what.split(":")[0], quantity, usdPerMonth]),
    ).toEqual([
      ["lb", 2, 29.56],
      ["web", 2, 29.56],
      ["Network Load Balancer", 1, 19.71],
      ["public addresses of the load balancer", 2, 7.3],
      ["NAT gateways", 1, 37.96],
      ["public addresses of the NAT gateways", 1, 3.65],
      ["alarms in CloudWatch", 7, 0.7],
      ["dashboard in CloudWatch", 1, 3],
      ["machines' metrics by the minute", 4, 8.4],
      ["metrics of the balancers", 3, 0.9],
    ]);
    expect(cost?.total).toBe(140.74);
  });

  test("is summed up part by part, each kind of standby for itself, and the parts are the whole", () => {
    const { cost } = awsPlanOf(
      awsPlan(
        { instanceType: "t4g.small", vpc: { kind: "own", nat: "one" } },
        { pools: { web: { active: 2, standby: { hot: 1, cold: 1 } } } },
      ),
    );
    expect(cost?.parts).toEqual([
      { part: "balancers", usdPerMonth: 56.57 },
      { part: "pool web", usdPerMonth: 29.56 },
      { part: "stopped standbys of web", usdPerMonth: 0.76 },
      { part: "hot standbys of web", usdPerMonth: 14.78 },
      { part: "network", usdPerMonth: 41.61 },
      { part: "watching", usdPerMonth: 15.3 },
    ]);
    expect(cost?.parts.reduce((sum, { usdPerMonth }) => sum + (usdPerMonth ?? 0), 0)).toBeCloseTo(
      cost?.total ?? 0,
      2,
    );
  });

  test("has no price where the table has none, and says so", () => {
    const made = awsPlan({ region: "eu-north-1" });
    expect(awsPart(made)?.cost.items[0]?.usdPerMonth).toBeNull();
    expect(awsPart(made)?.cost.parts[0]).toEqual({ part: "balancers", usdPerMonth: null });
    expect(describePlan(made)).toContain("no price");
  });

  test("grows with each machine, and scales with a type's size", () => {
    const total = (platform: object) => awsPart(awsPlan(platform))?.cost.items[0]?.usdPerMonth ?? 0;
    expect(total({ instanceType: "m7g.xlarge" })).toBeGreaterThan(1.9 * total({ instanceType: "m7g.large" }));
    expect(total({ instanceType: "t3.medium" })).toBeGreaterThan(1.5 * total({ instanceType: "t3.small" }));
  });
});

test.each([
  [1, 2],
  [2, 2],
  [5, 3],
  [8, 4],
])(
  "of %d nodes %d that fail at once are told as a cause in common, and turn a change back",
  (active, many) => {
    const alarms = awsPart(awsPlan({}, { pools: { web: { active } } }))?.monitoring.alarms;
    expect(alarms?.find(({ key }) => key === "web-mass")).toMatchObject({
      metric: { source: "targets", name: "UnHealthyHostCount" },
      comparison: "above",
      threshold: many - 1,
      periods: 1,
      guards: true,
    });
  },
);

test("a liveness path that is the readiness path is warned of, in every environment", () => {
  const codes = (live: string | null) =>
    awsPlan({ pools: { web: { live } } }, { pools: { web: { active: 2, health: { path: "/ready" } } } })
      .warnings.filter(({ path }) => path === "platform.pools.web.live")
      .map(({ code }) => code);
  expect(codes("/ready")).toEqual(["aws.live-is-ready"]);
  expect(codes("/live")).toEqual([]);
  expect(codes(null)).toEqual([]);
});

describe("names", () => {
  test("fit their limits, differ where what they stand for differs, and stay when it stays", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,60}[a-z0-9]$/);
    fc.assert(
      fc.property(name, name, fc.integer({ min: 1, max: 65_535 }), (a, b, port) => {
        for (const made of [frontName(a), targetGroupName(a, "TCP", port)])
          expect(made).toMatch(/^(?!internal-)[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
        expect(limited(a, 64)).toBe(a.length <= 64 ? a : limited(a, 64));
        if (a !== b) expect(limited(a, 32)).not.toBe(limited(b, 32));
      }),
    );
    expect(targetGroupName("a", "TCP", 80)).not.toBe(targetGroupName("a", "TCP", 81));
  });

  test("of a bucket are told by owner, cluster and region", () => {
    const { bucket } = clusterNames(awsPlan());
    expect(bucket).toBe("hotspare-0123abcd-demo-eu-central-1");
    const longest = awsPlan({ region: "ap-southeast-2" }, { name: "a".repeat(24) });
    expect(clusterNames(longest).bucket.length).toBeLessThanOrEqual(63);
  });
});

test("a plan in words tells network, front, groups, standbys, alarms, cost and faults", () => {
  const made = awsPlan(
    { instanceType: "t4g.small", zones: 3, account: "123456789012" },
    { pools: { web: { active: 2, standby: { hot: 1, cold: 1 } } } },
  );
  const text = describePlan(made);
  for (const part of [
    "region eu-central-1, account 123456789012, VPC 10.77.0.0/22, a NAT gateway in each zone",
    "  zone eu-central-1c: public 10.77.3.128/26, private 10.77.2.0/24",
    "clients from 0.0.0.0/0 ▶ Network Load Balancer demo-0123-front TCP 80 ▶ group lb",
    "each balancer asked every 10 s, out after 2 failures",
    "  web      active    2  × t4g.small (arm64, 2 vCPU, 2 GiB)  zones a b c  port 8080  1 stopped in its warm pool\n",
    "  web  1 hot            10–58 s   $14.78 a month  a group of running machines",
    "  web  1 stopped        35–115 s   $0.76 a month  the group starts a stopped machine of its warm pool\n",
    "  balancers  ",
    "  together  ",
    "alarms to a topic without subscribers: lb-unhealthy, lb-none",
    "by list prices of 2025-06",
  ])
    expect(text).toContain(part);
  expect(describeForecast(made)).toContain("a node is killed");
});

test("a plan in words tells what Spot and hardware have of their own", () => {
  const text = describePlan(
    awsPlan(
      {
        instanceType: "m5.large",
        pools: {
          web: { spot: { onDemand: 1, types: ["m6i.large"] } },
          db: { instanceType: "m5.metal" },
        },
      },
      {
        pools: { web: { active: 3 }, db: { active: 2 } },
        routes: [
          { path: "/", pool: "web" },
          { path: "/db/", pool: "db" },
        ],
      },
    ),
  );
  expect(text).toContain("a Spot machine goes 2 min after AWS has said so");
  expect(text).toContain("Spot beyond 1, also m6i.large");
  // 5 min to boot and install, 1 min of patience, 15 min of hardware.
  expect(text).toContain("new machines have 6 min to get ready (db 21 min), old ones 30 s to finish");
  expect(describePlan(awsPlan())).not.toContain("Spot");
});

test("the same stack gives the same plan, byte for byte, without a look at anything", () => {
  expect(JSON.stringify(awsPlan())).toBe(JSON.stringify(awsPlan()));
});
