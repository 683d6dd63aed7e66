import { describe, expect, test } from "vitest";
import { describePlan } from "../../../../../components/plan/describe.ts";
import { planForecast } from "../../../../../components/plan/describe-forecast.ts";
import { metalPlanOf, serverOf } from "../../../../../components/plan/platforms/metal/part.ts";
import { render } from "../../../../../components/render/index.ts";
import { hostKey, metalPlan, servers } from "../../../../support/metal/stacks.ts";

describe("a plan on servers", () => {
  test("gives every machine the address of its server, and says who stands where", () => {
    const plan = metalPlan();
    const addresses = [...plan.balancers, ...plan.nodes].map(({ key, address }) => [key, address]);
    expect(addresses).toEqual([
      ["lb-1", "192.0.2.11"],
      ["lb-2", "192.0.2.12"],
      ["web-1", "192.0.2.13"],
      ["web-2", "192.0.2.11"],
      ["web-3", "192.0.2.12"],
    ]);
    expect(metalPlanOf(plan).servers.s1?.machines).toEqual(["lb-1", "web-2", "warden-1"]);
    expect(serverOf(plan, "web-1")).toMatchObject({
      name: "s3",
      card: "eth0",
      ssh: { host: "192.0.2.13", port: 22, user: "admin", hostKey: hostKey(3), identity: null },
    });
    expect(plan.network.virtualAddress).toBe("192.0.2.10");
  });

  test("leaves machines where they stand", () => {
    const placed = { "web-1": "s1", "web-2": "s2", "web-3": "s3", "lb-1": "s3", "lb-2": "s2" };
    const grown = metalPlan({ servers: servers([{}, {}, {}, {}]) }, {}, placed);
    expect([...grown.balancers, ...grown.nodes].map(({ key, address }) => `${key} ${address}`)).toEqual([
      "lb-1 192.0.2.13",
      "lb-2 192.0.2.12",
      "web-1 192.0.2.11",
      "web-2 192.0.2.12",
      "web-3 192.0.2.13",
    ]);
    expect(metalPlanOf(grown).spare).toEqual(["s4"]);
  });

  test("changes a node where it stands: no second name and no second address", () => {
    const before = metalPlan().nodes[0];
    const after = metalPlan({}, { pools: { web: { active: 3, environment: { COLOUR: "red" } } } }).nodes[0];
    expect(after).toMatchObject({ name: before?.name, address: before?.address, generation: 0 });
    expect(after?.fingerprint).not.toBe(before?.fingerprint);
  });

  test("has the balancers' files, with each server's own card", () => {
    const plan = metalPlan({ servers: servers([{ interface: "bond0.7" }, {}, {}]) });
    const [first] = render(plan);
    const keepalived = first?.files.find(({ path }) => path === "keepalived.conf")?.content;
    expect(keepalived).toContain("interface bond0.7");
    expect(keepalived).toContain("192.0.2.10/32 dev bond0.7");
  });

  test("says in words which server becomes what", () => {
    const words = describePlan(
      metalPlan({ servers: servers([{ rack: "a", feed: "f" }, {}, {}, {}, {}, {}]) }),
    );
    expect(words).toContain(
      "server s1 192.0.2.11 on eth0 (rack a, feed f), by SSH admin@192.0.2.11: lb-1, warden-1\n",
    );
    expect(words).toContain("servers without work: s6");
  });

  test("forecasts what its pair and its nodes suffer", () => {
    expect(planForecast(metalPlan()).map(({ id }) => id)).toEqual(
      expect.arrayContaining(["balancer-killed", "node-killed"]),
    );
  });
});
