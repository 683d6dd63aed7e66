import { describe, expect, test } from "vitest";
import { describeForecast } from "../../../../../components/plan/describe-forecast.ts";
import { forecast } from "../../../../../components/plan/forecast.ts";
import type { ForecastId } from "../../../../../components/plan/forecast-types.ts";
import { awsPlan } from "../../../../support/aws/stacks.ts";

const load = { rate: { get: 200, post: 100, idempotent: 100 }, service: 20, pool: "web", split: 4000 };

const balancers = (count: number) => ({ balancer: { kind: "nginx", count } });
const web = (fields: object) => ({ pools: { web: { active: 3, ...fields } } });

const of = (id: ForecastId, platform: object = {}, fields: object = web({})) =>
  forecast(awsPlan({ zones: 3, ...platform }, fields), load).find((one) => one.id === id);

describe("a balancer behind a Network Load Balancer", () => {
  test("that is lost costs its part of all requests until two checks have failed", () => {
    const lost = of("balancer-killed", {}, { ...web({}), ...balancers(4) });
    // Two of 10 s, and 5 s until the last one is over; passive checks may be sooner.
    expect(lost?.detect).toEqual({ low: 0, high: 25_000 });
    expect(lost?.noService).toEqual({ low: 0, high: 0 });
    // A quarter of 200 a second, and what was under way: 1 on average, 3 deviations more.
    expect(lost?.lost.get).toEqual({ low: 0, high: 50 * 25 + 4 });
    expect(lost?.capacity).toEqual({ left: 0.75, until: { low: 70_000, high: 295_000 } });
  });

  test("that is frozen is seen by active checks alone, since its kernel still answers", () => {
    const frozen = of("balancer-frozen", {}, { ...web({}), ...balancers(2) });
    expect(frozen?.detect).toEqual({ low: 15_000, high: 25_000 });
    expect(frozen?.lost.post.low).toBeCloseTo(50 * 15, 5);
  });

  test("that is the only one is missed by everybody until another one serves", () => {
    const lost = of("balancer-killed", {}, { ...web({}), ...balancers(1) });
    expect(lost?.noService).toEqual({ low: 70_000, high: 295_000 });
    expect(lost?.lost.get.low).toBe(200 * 70);
    expect(lost?.capacity?.left).toBe(0);
    expect(of("nginx-dead", {}, { ...web({}), ...balancers(1) })?.noService).toEqual({
      low: 1050,
      high: 2000,
    });
  });

  test("whose nginx dies costs its part until systemd has started it again", () => {
    const dead = of("nginx-dead", {}, { ...web({}), ...balancers(2) });
    expect(dead?.noService).toEqual({ low: 0, high: 0 });
    expect(dead?.lost.get.low).toBeCloseTo(100 * 1.05, 5);
    expect(dead?.capacity).toBeNull();
  });

  test("that a roll-out replaces costs at most what meets a closing connection", () => {
    expect(of("balancer-rolled")?.lost.get.high).toBeLessThanOrEqual(1);
  });
});

describe("a zone that is lost", () => {
  test("takes its address, its balancers and its nodes", () => {
    const lost = of("zone-lost", {}, { ...web({ active: 6 }), ...balancers(3) });
    // A third has its address for 90 s; of the others a third meets its balancer for 25 s; and what was under way.
    const underWay = Math.ceil(4 + 3 * Math.sqrt(4));
    expect(lost?.lost.get.high).toBeCloseTo((200 / 3) * 90 + 200 * (2 / 3) * (1 / 3) * 25 + underWay, 5);
    expect(lost?.capacity?.left).toBeCloseTo(4 / 6, 5);
    expect(lost?.noService.high).toBe(0);
  });

  test("costs less capacity where hot standbys of the other zones serve along", () => {
    const lost = of("zone-lost", {}, web({ active: 6, standby: { hot: 3 } }));
    expect(lost?.capacity).toBeNull();
    expect(of("zone-lost", {}, web({ active: 6, standby: { hot: 1 } }))?.capacity?.left).toBeCloseTo(
      4 / 6,
      5,
    );
  });

  test("leaves nobody where the only balancer was in it", () => {
    const lost = of("zone-lost", {}, { ...web({}), ...balancers(1) });
    expect(lost?.noService.high).toBe(295_000);
    expect(lost?.lost.get.high).toBeGreaterThanOrEqual(200 * 295);
  });
});

describe("capacity after a lost node", () => {
  const left = (fields: object, platform: object = {}) => of("node-killed", platform, web(fields))?.capacity;

  test("is whole again when a hot standby serves along, a stopped one has started, or a new one was made", () => {
    expect(left({ standby: { hot: 1, cold: 1 } })).toEqual({
      left: 2 / 3,
      until: { low: 10_000, high: 58_000 },
    });
    expect(left({ standby: { cold: 1 } })?.until).toEqual({ low: 35_000, high: 115_000 });
    expect(left({})?.until).toEqual({ low: 70_000, high: 295_000 });
  });

  test("isn't the group's affair where systemd starts a process again, or nodes are only slow", () => {
    expect(of("node-crashed")?.capacity).toBeNull();
    expect(of("node-slow")?.capacity).toBeNull();
  });

  test("of all active ones is that of the hot standbys", () => {
    expect(of("all-active-lost", {}, web({ standby: { hot: 1 } }))?.capacity?.left).toBeCloseTo(1 / 3, 5);
    expect(of("all-active-lost", {}, web({ active: 2, standby: { hot: 2 } }))?.capacity).toBeNull();
  });
});

test("a NAT gateway's loss ends no request, and is told where there is one", () => {
  const none = { image: { kind: "ami", id: "ami-0123456789abcdef0", architecture: "x86_64" } };
  expect(of("nat-lost", { vpc: { kind: "own", nat: "one" } })?.title).toContain("only NAT gateway");
  // Its zone's loss is both: nothing starts in the others, so the time until the capacity is whole isn't that of a start.
  expect(of("zone-lost", { vpc: { kind: "own", nat: "one" } })?.title).toBe(
    "a zone of 3 is lost, not the NAT gateway's",
  );
  expect(of("zone-lost")?.title).toBe("a zone of 3 is lost");
  expect(of("nat-lost", { vpc: { kind: "own", nat: "per-zone" } })?.lost.post.high).toBe(0);
  expect(of("nat-lost", { ...none, vpc: { kind: "own", nat: "none" } })).toBeUndefined();
});

describe("a database that all nodes share and that is down for a minute", () => {
  test("costs its minute and no node, where a connection tells that one is alive", () => {
    const down = of("dependency-down");
    expect(down?.title).toContain("no node is replaced");
    expect(down?.noService).toEqual({ low: 0, high: 60_000 });
    expect(down?.lost.post).toEqual({ low: 0, high: 100 * 60 });
    expect(down?.capacity).toBeNull();
  });

  test("costs every node in turn where the group asks a path that may fail with it", () => {
    // Six nodes one by one, each up to 4 min from its launch until it serves.
    const asked = of("dependency-down", { pools: { web: { live: "/live" } } }, web({ active: 6 }));
    expect(asked?.title).toContain("if /live fails with it, all 6 nodes are replaced, for up to 24 min");
  });
});

test("a Spot machine that AWS takes back is missed for what a new one takes beyond the two minutes' notice", () => {
  const spot = (type: string, onDemand: number) =>
    of(
      "spot-taken",
      { instanceType: type, pools: { web: { spot: { onDemand, types: ["m6i.large"] } } } },
      web({ active: 4 }),
    );
  expect(spot("m5.large", 2)?.capacity).toEqual({ left: 0.75, until: { low: 0, high: 120_000 } });
  expect(spot("m5.large", 2)?.lost.get.high).toBe(0);
  expect(of("spot-taken")).toBeUndefined();
});

test("every fault is told in words, aligned", () => {
  const lines = describeForecast(awsPlan({ zones: 3 }, web({ standby: { hot: 1, cold: 1 } }))).split("\n");
  expect(lines.find((line) => line.includes("a zone of 3 is lost"))).toContain(
    "somebody always answers; lost: ",
  );
  expect(lines.find((line) => line.includes("a node is killed"))).toContain(
    "66 % of the capacity for 10–58 s",
  );
  const columns = lines.slice(1).map((line) => line.search(/somebody|nobody/));
  expect(new Set(columns).size).toBe(1);
});
