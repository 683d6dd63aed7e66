import { describe, expect, it } from "vitest";
import { checkStack } from "../../../components/model/define.ts";
import { parseMembers } from "../../../components/model/members-document.ts";
import { planForecast } from "../../../components/plan/describe-forecast.ts";
import { frontOf } from "../../../components/plan/front.ts";
import { render } from "../../../components/render/index.ts";
import { planAny } from "../../support/plan-any.ts";
import { developmentStack, layeredStack } from "../../support/plans.ts";

/* Directors in front of balancers that read requests, all of which serve. */

const plan = planAny(layeredStack);
const file = (machine: string, path: string) =>
  String(
    render(plan)
      .find((one) => one.machine === machine)
      ?.files.find((one) => one.path === path)?.content,
  );

describe("the plan", () => {
  it("has the balancers as the tier, and what is in front of them beside it", () => {
    expect(plan.tier.kind).toBe("nginx");
    expect(plan.balancers.map(({ key, address }) => [key, address])).toEqual([
      ["lb-1", "10.77.2.2"],
      ["lb-2", "10.77.2.3"],
      ["lb-3", "10.77.2.4"],
    ]);
    expect(plan.directors?.machines.map(({ key, address }) => [key, address])).toEqual([
      ["director-1", "10.77.2.6"],
      ["director-2", "10.77.2.7"],
    ]);
    expect(plan.wardens.map(({ balancer }) => balancer)).toEqual(["lb-1", "lb-2", "lb-3"]);
  });

  it("says nothing of directors where there are none", () => {
    expect(planAny(developmentStack)).not.toHaveProperty("directors");
    expect(frontOf(planAny(developmentStack))).toBeNull();
  });

  it("gives every machine an address of its own, also at the most", () => {
    const most = { kind: "lvs", count: 3, behind: { kind: "nginx", count: 4 } };
    const stack = { ...layeredStack, balancer: most };
    const { balancers, directors, network, door, wardens } = planAny(stack);
    const addresses = [
      network.gateway,
      network.virtualAddress,
      directors?.leaderAddress,
      door?.address,
      ...[...balancers, ...(directors?.machines ?? []), ...wardens].map(({ address }) => address),
    ];
    expect(new Set(addresses).size).toBe(4 + 4 + 3 + 4);
  });
});

describe("the files", () => {
  it("of directors forward the balancers' ports to all of them, and ask them elsewhere how they are", () => {
    const { pools, services } = parseMembers(file("director-1", "members.json"));
    expect(services?.map(({ port, scheduler }) => [port, scheduler])).toEqual([
      [80, "mh"],
      [443, "mh"],
    ]);
    expect(pools.balancers?.members.map(({ key, port, role }) => [key, port, role])).toEqual([
      ["lb-1", 9181, "active"],
      ["lb-2", 9181, "active"],
      ["lb-3", 9181, "active"],
    ]);
    expect(file("director-2", "members.json")).toBe(file("director-1", "members.json"));
    expect(file("director-1", "nginx.conf")).toContain("given_up = 0");
    expect(file("director-1", "keepalived.conf")).toContain("virtual_router_id 51");
    expect(file("director-1", "keepalived.conf")).toContain("10.77.2.10/32 dev eth0");
  });

  it("of balancers have the clients' address on no card but the loopback, and agree on one of them by another", () => {
    const keepalived = file("lb-1", "keepalived.conf");
    expect(keepalived).toContain("# hotspare:virtual-address 10.77.2.9/32 eth0");
    expect(keepalived).toContain("# hotspare:front 10.77.2.10/32 2\n");
    expect(keepalived.match(/^# hotspare:director .*$/gm)).toEqual([
      "# hotspare:director 10.77.2.6",
      "# hotspare:director 10.77.2.7",
    ]);
    expect(keepalived).toContain("10.77.2.9/32 dev eth0");
    expect(keepalived).not.toContain("10.77.2.10/32 dev eth0");
    expect(keepalived).toContain("virtual_router_id 52");
    const nginx = file("lb-1", "nginx.conf");
    expect(nginx).toContain('virtual_address = "10.77.2.9"');
    expect(nginx).toContain("allow 10.77.2.6;");
    expect(parseMembers(file("lb-1", "members.json")).services).toBeUndefined();
  });
});

it("forecasts the loss of a director and of one of the balancers", () => {
  const forecasts = planForecast(plan);
  const of = (id: string) => forecasts.find((one) => one.id === id);
  expect(of("balancer-killed")?.title).toBe("the director with the address is killed");
  expect(of("balancer-killed")?.open).toEqual({ low: 0, high: 0 });
  expect(of("behind-killed")).toMatchObject({ detect: { low: 150, high: 550 }, noService: { high: 0 } });
  expect(of("behind-killed")?.open?.high).toBeCloseTo(1 / 3);
  // What balancers that share the address by themselves can suffer is not forecast twice.
  expect(of("nginx-dead")).toBeUndefined();
  expect(forecasts.filter(({ id }) => id === "partition")).toHaveLength(1);
});

describe("problems of what is behind", () => {
  const problems = (balancer: object) =>
    checkStack({ ...layeredStack, balancer: { kind: "lvs", ...balancer } }).problems.map(
      ({ path, code, hint }) => [path, code, hint],
    );

  it("are told by the path that the stack has", () => {
    expect(
      problems({
        count: 4,
        behind: { kind: "nginx", count: 1, failover: { preempt: true }, listen: { http: 9181 } },
      }),
    ).toEqual([
      ["balancer.behind.listen.http", "balancer.port-reserved", "choose another port"],
      [
        "balancer.behind.failover.preempt",
        "balancer.preempt-without-peer",
        "remove it, or set balancer.behind.count to 2",
      ],
      ["balancer.count", "balancer.directors-too-many", expect.any(String)],
    ]);
  });

  it("are told beside a shape that is wrong, and nothing of what hangs on that", () => {
    const found = problems({ count: 4, behind: { kind: "nginx", count: "three", listen: { http: 9181 } } });
    expect(found.map(([path]) => path)).toEqual([
      "balancer.behind.count",
      "balancer.behind.listen.http",
      "balancer.count",
    ]);
  });

  it("are refused where the platform has no directors", () => {
    const metal = { kind: "aws", region: "eu-central-1" };
    const { problems: found } = checkStack({ ...layeredStack, network: {}, platform: metal });
    expect(found.map(({ code }) => code)).toContain("balancer.not-built");
  });
});
