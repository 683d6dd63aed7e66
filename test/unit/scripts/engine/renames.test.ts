import { describe, expect, test } from "vitest";
import { refuseRenames } from "../../../../scripts/engine/renames.ts";
import type { StateResource } from "../../../../scripts/engine/state.ts";
import { addressesTaken } from "../../../../scripts/platforms/docker/address-check.ts";
import type { ContainerView } from "../../../../scripts/platforms/docker/view.ts";
import { planAny } from "../../../support/plan-any.ts";
import { small } from "../../../support/small.ts";

const stack = (pools: Record<string, object>, fields: object = {}) =>
  planAny(
    small({
      network: { subnet: "10.77.0.0/22" },
      pools,
      routes: Object.keys(pools).map((pool, index) => ({ path: index === 0 ? "/" : `/${index}/`, pool })),
      ...fields,
    }) as never,
  );
const web = { active: 2 };

/** A state as the engine keeps it, of a cluster with these pools. */
const state = (pools: readonly string[], cluster: object = { cluster: "demo" }): StateResource[] => [
  { urn: "c", type: "hotspare:index:Cluster", inputs: { platform: "docker", ...cluster } },
  ...pools.map((pool) => ({ urn: pool, type: "hotspare:index:NodePool", inputs: { pool } })),
];

const refusal = (plan: Parameters<typeof refuseRenames>[0], resources: StateResource[]) => {
  try {
    refuseRenames(plan, resources);
    return null;
  } catch (error) {
    return error as Error;
  }
};

describe("before the engine starts", () => {
  test("a pool under another name is refused, with both names and the way out", () => {
    expect(refusal(stack({ app: web, api: web }), state(["web", "api"]))).toMatchObject({
      exitCode: 3,
      message:
        'pools.app: it would take the place of the pool "web" that stands and needs its addresses until it goes, so the change would stop half-way; if it is "web" under another name, set `id: "web"` in pools.app, and if it is another pool, add it at the end and remove "web" in a later change (risk.pool-renamed)',
    });
  });

  test("several are told of at once, with the cluster", () => {
    const error = refusal(stack({ app: web, rest: web }, { name: "shop" }), state(["web", "api"]));
    expect(error?.message.split("\n").map((line) => line.split(":")[0])).toEqual([
      "name",
      "pools.app",
      "pools.rest",
    ]);
    expect(error?.message).toContain('set `id: "demo"`');
  });

  test("another platform than the one that the cluster stands on is refused, and nothing else is said", () => {
    const standing = state(["web", "api"], { platform: "aws" });
    expect(refusal(stack({ app: web, rest: web }, { name: "shop" }), standing)).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(
        /^platform\.kind: the cluster "shop" stands on "aws", [^\n]*down` it first[^\n]*$/,
      ),
    });
  });

  test("an id that changes is told of as the id", () => {
    expect(refusal(stack({ web }, { id: "shop" }), state(["web"]))?.message).toMatch(/^id: the cluster that/);
    expect(refusal(stack({ app: { ...web, id: "site" } }, {}), state(["web"]))?.message).toMatch(
      /^pools\.app: it would take the place of the pool "web"/,
    );
  });

  test.each([
    ["nothing stands", stack({ web }), []],
    ["nothing is another", stack({ web, api: web }), state(["web", "api"])],
    [
      "names alone change",
      stack({ app: { ...web, id: "web" } }, { name: "shop", id: "demo" }),
      state(["web"]),
    ],
    ["names go back", stack({ web }), state(["web"])],
    ["one is added", stack({ web, api: web }), state(["web"])],
    ["one goes", stack({ web }), state(["web", "api"])],
    ["the first goes", stack({ api: web }), state(["web", "api"])],
    ["two change places", stack({ api: web, web }), state(["web", "api"])],
    ["the state tells no cluster", stack({ web }, { name: "shop" }), state(["web"], {})],
    ["an earlier change has stopped half-way", stack({ app: web }), state(["app", "web"])],
  ] as const)("nothing is refused where %s", (_, plan, resources) => {
    expect(refusal(plan, [...resources])).toBeNull();
  });
});

describe("addresses on Docker", () => {
  const view = (key: string, address: string, fields: Partial<ContainerView> = {}): ContainerView => ({
    id: key,
    name: key,
    key,
    role: "active",
    state: "running",
    status: "",
    image: "",
    address,
    generation: 0,
    ...fields,
  });
  const { nodes } = stack({ app: web, web: { active: 1, standby: { cold: 1 } } });
  const found = (...views: ContainerView[]) =>
    addressesTaken(nodes, views).map(([node, holder]) => `${node.key} ${node.address} ${holder.key}`);

  test("a pool before another one has its addresses: the first of each pool is told", () => {
    expect(found(view("web-1", "10.77.0.32"), view("web-2", "10.77.0.33"))).toEqual([
      "app-1 10.77.0.32 web-1",
    ]);
  });

  test("what is there already, or what doesn't run, is in nobody's way", () => {
    expect(found(view("app-1", "10.77.0.32"), view("app-2", "10.77.0.33"))).toEqual([]);
    expect(found(view("web-1", "10.77.0.32", { state: "exited" }))).toEqual([]);
    expect(found(view("other-cold-1", "10.77.0.90"))).toEqual([]);
  });
});
