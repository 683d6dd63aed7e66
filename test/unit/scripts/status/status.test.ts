import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { clusterStatus } from "../../../../scripts/platforms/docker/look.ts";
import type { ClusterStatus } from "../../../../scripts/status/cluster-status.ts";
import { actors, statusTable, topology, urls } from "../../../../scripts/status/picture.ts";
import { containersOf, type FakeContainer, fakeDocker } from "../../../support/fake-docker.ts";
import { planAny } from "../../../support/plan-any.ts";
import { small } from "../../../support/small.ts";

const plan = planAny(
  small({
    network: { subnet: "10.77.2.0/23" },
    balancer: { kind: "nginx", door: { http: 8080 } },
    pools: { web: { active: 2, standby: { hot: 1, cold: 1 }, weights: { "web-1": 3 } } },
  }) as never,
);

/** What a balancer says: who holds the address, and what it thinks of each node. */
function report(holds: boolean, ill: readonly string[] = []): string {
  const members = plan.nodes.map(({ key, role, weight }) => ({
    key,
    role,
    weight,
    healthy: role === "cold" ? null : !ill.includes(key),
    inRotation: role === "active" && !ill.includes(key),
    inFlight: 0,
    requests: 0,
    failures: 0,
  }));
  const pools = { web: { algorithm: { kind: "weighted-round-robin" }, members } };
  return JSON.stringify({ revision: "1", holdsVirtualAddress: holds, pools, more: "from a newer image" });
}

type Change = Partial<FakeContainer> | null;

/** The status when lb-1 holds the address and all is well, but for the containers that are changed or gone. */
async function statusWith(changes: Record<string, Change> = {}): Promise<ClusterStatus> {
  const containers = containersOf(plan).flatMap((container) => {
    const says = container.role === "balancer" ? { says: report(container.key === "lb-1") } : {};
    const change = changes[container.key];
    return change === null ? [] : [{ ...container, ...says, ...change }];
  });
  return clusterStatus(fakeDocker(containers).docker, "test", plan);
}

describe("the status", () => {
  test("of a cluster as planned is ok and has nothing to say", async () => {
    const { state, findings, virtualAddress, url, schema } = await statusWith();
    expect({ state, findings, virtualAddress, url, schema }).toEqual({
      state: "ok",
      findings: [],
      virtualAddress: { address: "10.77.2.10", holder: "lb-1" },
      url: "http://127.0.0.1:8080",
      schema: "hotspare.status/1",
    });
  });

  const maintenance = {
    since: "2026-03-01T14:02:09.000Z",
    by: "mia",
    reason: "the fair",
    retryAfter: 60,
    allowed: {},
  };
  const keepsOut = (holds: boolean, more: object = {}, fields: object = {}) => ({
    says: JSON.stringify({
      ...JSON.parse(report(holds)),
      operator: { revision: 2, by: "mia", maintenance: { ...maintenance, ...more } },
      ...fields,
    }),
  });

  test("tells of maintenance, which is no finding", async () => {
    const status = await statusWith({ "lb-1": keepsOut(true), "lb-2": keepsOut(false) });
    expect(status).toMatchObject({ state: "ok", maintenance: { ...maintenance, allowed: [] } });
    expect(actors(status)).toEqual([
      "maintenance by mia since 2026-03-01 14:02 UTC: clients are answered 503 (the fair)",
    ]);
  });

  test("finds balancers that were not all told of maintenance, unless somebody is just changing them", async () => {
    const [one, again] = [keepsOut(true), "`./hotspare maintenance` on or off tells all again"];
    const findings = async (changes: Record<string, Change>) => (await statusWith(changes)).findings;
    expect(await findings({ "lb-1": one })).toEqual([`maintenance is on at lb-1, not at lb-2; ${again}`]);
    expect(await findings({ "lb-2": keepsOut(false) })).toEqual([
      `maintenance is on at lb-2, not at lb-1; ${again}`,
    ]);
    expect(await findings({ "lb-1": one, "lb-2": keepsOut(false, { retryAfter: 9 }) })).toEqual([
      `lb-1, lb-2: maintenance is not the same; ${again}`,
    ]);
    expect((await statusWith({ "lb-1": one })).state).toBe("degraded");
    const lease = { holder: "up", secondsLeft: 5 };
    expect(await findings({ "lb-1": keepsOut(true, {}, { lease }) })).toEqual([]);
    expect(await findings({ "lb-1": one, "lb-2": { state: "exited" } })).toEqual([
      "lb-2 does not run (exited)",
    ]);
  });

  test("asks for the containers of this owner and stack alone", async () => {
    const { docker, filters } = fakeDocker([]);
    await clusterStatus(docker, "test", plan);
    expect(filters).toEqual([{ label: ["hotspare.owner=0123abcd", "hotspare.stack=test"] }]);
  });

  const cases: readonly (readonly [string, Record<string, Change>, ClusterStatus["state"], string[]])[] = [
    ["a node that ended", { "web-2": { state: "exited" } }, "degraded", ["web-2 does not run (exited)"]],
    ["a node that is gone", { "web-2": null }, "degraded", ["web-2 is not there"]],
    [
      "a node that fails its checks",
      { "lb-1": { says: report(true, ["web-2"]) } },
      "degraded",
      ["web-2 runs but does not answer its checks"],
    ],
    ["a cold standby that is gone", { "web-cold-1": null }, "degraded", ["web-cold-1 is not there"]],
    ["a cold standby that was started", { "web-cold-1": { state: "running" } }, "ok", []],
    ["a balancer that ended", { "lb-2": { state: "exited" } }, "degraded", ["lb-2 does not run (exited)"]],
    [
      "a balancer that doesn't answer",
      { "lb-2": { says: null } },
      "degraded",
      ["lb-2 runs but does not answer its checks"],
    ],
    [
      "a balancer that says something else",
      { "lb-2": { says: "<html>" } },
      "degraded",
      ["lb-2 runs but does not answer its checks"],
    ],
    [
      "a warden that ended",
      { "warden-2": { state: "exited" } },
      "degraded",
      ["warden-2 does not run (exited)"],
    ],
    ["no filter before Docker", { filter: null }, "degraded", ["filter is not there"]],
    ["a door that ended", { door: { state: "exited" } }, "degraded", ["door does not run (exited)"]],
    [
      "no holder of the address",
      { "lb-1": { says: report(false) } },
      "down",
      ["no balancer holds the virtual address"],
    ],
    [
      "no node in rotation",
      { "lb-1": { says: report(true, ["web-1", "web-2"]) } },
      "down",
      ["web-1 runs but does not answer its checks", "web-2 runs but does not answer its checks"],
    ],
  ];

  test.each(cases)("with %s", async (_, changes, state, findings) => {
    const status = await statusWith(changes);
    expect([status.state, status.findings]).toEqual([state, findings]);
  });

  describe("of programs without clients", () => {
    const worked = planAny(
      small({
        workers: {
          mail: { kind: "worker", image: { kind: "sample" } },
          one: { kind: "singleton", image: { kind: "sample" } },
        },
      }) as never,
    );
    const findings = async (changes: Record<string, Partial<FakeContainer>>) => {
      const workers = (worked.workers ?? []).map(({ key, role, starts }) => ({
        ...{ key, role, state: starts ? "running" : "created" },
        ...changes[key],
      }));
      const others = containersOf(worked).map((container) => ({ ...container, says: null }));
      const status = await clusterStatus(fakeDocker([...others, ...workers]).docker, "test", worked);
      return status.findings.filter((finding) => /mail|one-|of one/.test(finding));
    };

    test.each([
      ["as planned", {}, []],
      [
        "none of a singleton",
        { "one-1": { state: "exited" } },
        ["nobody of one runs (one-1 exited, one-2 created)"],
      ],
      [
        "two of a singleton",
        { "one-2": { state: "running" } },
        ["one-1 and one-2 run, where one of one should"],
      ],
      [
        "checks that fail",
        { "one-1": { status: "Up 1 minute (unhealthy)" }, "mail-1": { status: "Up 1 minute (unhealthy)" } },
        ["mail-1 runs, but its own check fails", "one-1 runs, but its own check fails"],
      ],
      [
        "checks that pass, or have said nothing",
        {
          "one-1": { status: "Up 1 minute (healthy)" },
          "mail-1": { status: "Up 1 second (health: starting)" },
        },
        [],
      ],
    ])("%s", async (_, changes, expected) => {
      expect(await findings(changes)).toEqual(expected);
    });
  });

  test("of nothing at all is absent", async () => {
    const status = await clusterStatus(fakeDocker([]).docker, "test", plan);
    expect(status.state).toBe("absent");
    expect(new Set(status.machines.map(({ state }) => state))).toEqual(new Set(["absent"]));
  });

  test("believes the balancer that holds the address, and any other when nobody does", async () => {
    const seen = async (changes: Record<string, Change>) =>
      (await statusWith(changes)).machines.find(({ key }) => key === "web-2")?.healthy;
    expect(await seen({ "lb-2": { says: report(false, ["web-2"]) } })).toBe(true);
    expect(await seen({ "lb-1": null, "lb-2": { says: report(false, ["web-2"]) } })).toBe(false);
    expect(await seen({ "lb-1": null, "lb-2": null })).toBeNull();
  });
});

describe("who acts on the cluster", () => {
  /** What lb-1 says while the warden has let a hot standby serve and somebody holds the lease. */
  const acting = JSON.stringify({
    ...JSON.parse(report(true)),
    overlay: { revision: 7, by: "warden-1" },
    lease: { holder: "up by somebody", secondsLeft: 41.2 },
    pools: {
      web: {
        algorithm: {},
        members: JSON.parse(report(true)).pools.web.members.map((member: { key: string }) =>
          member.key === "web-hot-1" ? { ...member, role: "active", inRotation: true } : member,
        ),
      },
    },
  });

  test("is said: the holder of the lease, and the warden with what it promoted", async () => {
    const status = await statusWith({ "lb-1": { says: acting } });
    expect(status.machines.filter(({ promoted }) => promoted).map(({ key }) => key)).toEqual(["web-hot-1"]);
    expect(actors(status)).toEqual([
      "up by somebody changes the cluster; its lease ends in 42 s",
      "web-hot-1 promoted by warden-1 (overlay 7)",
    ]);
    expect(stripVTControlCharacters(statusTable(status))).toMatch(/^web-hot-1 +hot, promoted +/m);
  });

  test("is nobody as long as all is as planned", async () => {
    expect(actors(await statusWith())).toEqual([]);
  });

  test("is nobody where no balancer tells", async () => {
    expect(actors(await statusWith({ "lb-1": null, "lb-2": null }))).toEqual([]);
  });
});

describe("in words and pictures", () => {
  const plain = (text: string) => stripVTControlCharacters(text).split("\n");

  test("the table has a line for every machine", async () => {
    const status = await statusWith({ "web-2": { state: "exited" } });
    const [web1, web2, hot, cold] = plan.nodes.map(({ address }) => address);
    expect(plain(statusTable(status))).toEqual([
      "machine     role              state    health   serves  weight  address",
      "lb-1        balancer, holder  running  healthy  –       –       10.77.2.2",
      "lb-2        balancer          running  healthy  –       –       10.77.2.3",
      `web-1       active            running  healthy  yes     3       ${web1}`,
      `web-2       active            exited   healthy  yes     1       ${web2}`,
      `web-hot-1   hot               running  healthy  no      1       ${hot}`,
      `web-cold-1  cold              off      –        no      1       ${cold}`,
      "door        door              running  –        –       –       10.77.2.11",
      "warden-1    warden            running  –        –       –       10.77.2.12",
      "warden-2    warden            running  –        –       –       10.77.2.13",
      "filter      filter            running  –        –       –       –",
    ]);
  });

  test("the table tells restarts, exit codes and who starts, within 80 columns", async () => {
    const status = await statusWith({
      "lb-1": { says: report(true, ["web-1", "web-2"]) },
      "web-1": { age: 12_000, restarts: 3 },
      "web-2": { state: "exited", status: "Exited (137) 5 minutes ago", restarts: 7 },
    });
    const lines = plain(statusTable(status));
    expect(lines[0]).toBe("machine     role              state         restarts  health     serves  weight");
    expect(lines[3]).toBe("web-1       active            running       3         starting   no      3");
    expect(lines[4]).toBe("web-2       active            exited (137)  7         unhealthy  no      1");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(status.findings).toEqual([
      "web-1 has been starting for 12 s",
      "web-2 does not run (exited, exit code 137)",
    ]);
  });

  test("the picture shows who stands in front of whom", async () => {
    const status = await statusWith({ "web-2": { state: "exited" } });
    expect(plain(topology(status))).toEqual([
      "  clients ──▶ 10.77.2.10  (held by lb-1)",
      "                 │  ● lb-1   ● lb-2",
      "                 └─ web  /  weighted-round-robin",
      "                    ├─ active  ● web-1   ✗ web-2",
      "                    ├─ hot     ● web-hot-1",
      "                    └─ cold    ○ web-cold-1",
    ]);
  });

  test("the picture has each pool apart, with its routes and how its nodes are chosen", async () => {
    const two = planAny(
      small({
        pools: {
          web: { active: 2, standby: { cold: 1 } },
          api: { active: 1, algorithm: { kind: "ip-hash" } },
        },
        routes: [
          { path: "/", pool: "web" },
          { path: "/api/", pool: "api" },
          { path: "/v2/", pool: "api" },
        ],
      }) as never,
    );
    const status = await clusterStatus(fakeDocker(containersOf(two)).docker, "test", two);
    expect(plain(topology(status)).slice(1)).toEqual([
      "                 │  ● lb-1   ● lb-2",
      "                 ├─ web  /  weighted-round-robin",
      "                 │  ├─ active  ● web-1   ● web-2",
      "                 │  └─ cold    ○ web-cold-1",
      "                 └─ api  /api/ /v2/  ip-hash",
      "                    └─ active  ● api-1",
    ]);
    expect(status.pools).toEqual([
      { name: "web", id: "web", routes: ["/"], algorithm: "weighted-round-robin", retries: null },
      { name: "api", id: "api", routes: ["/api/", "/v2/"], algorithm: "ip-hash", retries: null },
    ]);
  });

  test("retries of a pool are those of all balancers, and in the picture where there were any", async () => {
    const pool = { algorithm: {}, members: [] };
    const says = (made: number, refused: number) => ({
      says: JSON.stringify({
        revision: "1",
        holdsVirtualAddress: made > 0,
        pools: { web: { ...pool, retries: { made, refused } } },
      }),
    });
    const told = await statusWith({ "lb-1": says(12, 3), "lb-2": says(0, 1) });
    expect(told.pools[0]?.retries).toEqual({ made: 12, refused: 4 });
    expect(plain(topology(told))).toContain(
      "                 └─ web  /  weighted-round-robin  retries 12, refused 4",
    );
    const quiet = await statusWith({ "lb-1": says(0, 0), "lb-2": {} });
    expect(quiet.pools[0]?.retries).toEqual({ made: 0, refused: 0 });
    expect(plain(topology(quiet)).join()).not.toContain("retries");
  });

  test("the picture of a cluster without standbys ends with its active nodes", async () => {
    const bare = planAny(small() as never);
    const status = await clusterStatus(fakeDocker([]).docker, "test", bare);
    expect(plain(topology(status)).at(-1)).toBe("                    └─ active  ✗ web-1   ✗ web-2");
    expect(plain(topology(status))[0]).toMatch(/\(held by nobody\)$/);
  });

  test("every URL says who can use it", () => {
    const tls: ClusterPlan = planAny(
      small({
        network: { subnet: "10.77.2.0/23" },
        balancer: { kind: "nginx", listen: { tls: {} }, door: { http: 8080, tls: 8443 } },
      }) as never,
    );
    expect(plain(urls(tls)).map((line) => line.split(/ {2,}/).slice(1))).toEqual([
      ["http://127.0.0.1:8080", "on this machine, also when a balancer dies"],
      ["https://127.0.0.1:8443", "on this machine, also when a balancer dies"],
      [
        "http://10.77.2.10:80",
        "the virtual address itself, in the cluster's network (on Linux from the host too)",
      ],
      [
        "https://10.77.2.10:443",
        "the virtual address itself, in the cluster's network (on Linux from the host too)",
      ],
    ]);
  });
});

test("a pool that is called like what every object has is told of, also while no balancer knows it", async () => {
  const odd = planAny(small({ pools: { constructor: { active: 1 } } }) as never);
  const says = JSON.stringify({ revision: "1", holdsVirtualAddress: true, pools: {} });
  const containers = containersOf(odd).map((container) => ({
    ...container,
    ...(container.role === "balancer" ? { says } : {}),
  }));
  const { machines } = await clusterStatus(fakeDocker(containers).docker, "test", odd);
  expect(machines.find(({ key }) => key === "constructor-1")).toMatchObject({
    pool: "constructor",
    healthy: null,
  });
});
