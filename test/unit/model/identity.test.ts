import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadStack } from "../../../components/model/define.ts";
import type { StackInput } from "../../../components/model/spec.ts";
import { render } from "../../../components/render/index.ts";
import { awsStack } from "../../support/aws/stacks.ts";
import { planAny } from "../../support/plan-any.ts";
import { small } from "../../support/small.ts";
import { arbitraryStack } from "../../support/specs.ts";

type Platform = Record<string, unknown>;

/** The same stack with its cluster and all of its pools under other names, and their old names as ids. */
function renamed(stack: StackInput): StackInput {
  const names = new Map(Object.keys(stack.pools).map((name, index) => [name, `shown${index}`]));
  const rename = <T>(pools: Readonly<Record<string, T>>) =>
    Object.entries(pools).map(([name, pool]) => [names.get(name) ?? name, pool] as const);
  const platform = stack.platform as Platform;
  return {
    ...stack,
    name: "shown",
    id: stack.id ?? stack.name,
    platform: {
      ...platform,
      ...("pools" in platform ? { pools: Object.fromEntries(rename(platform.pools as Platform)) } : {}),
    } as StackInput["platform"],
    pools: Object.fromEntries(
      Object.entries(stack.pools).map(([name, pool]) => [names.get(name), { ...pool, id: pool.id ?? name }]),
    ),
    routes: stack.routes?.map((route) => ({ ...route, pool: names.get(route.pool) ?? route.pool })),
  };
}

/** All that machines are made of: no name of people's in it. */
function made(stack: StackInput) {
  const { shownAs: _, warnings: __, pools, ...plan } = planAny(stack);
  return {
    plan: { ...plan, pools: pools.map(({ shownAs: _, ...pool }) => pool) },
    files: render(planAny(stack)),
  };
}

describe("ids", () => {
  test("are the names until somebody gives them", () => {
    const spec = loadStack("test", small({ name: "shop", pools: { web: { active: 1 } } }));
    expect([spec.id, spec.pools.web?.id, spec.pools.web?.name]).toEqual(["shop", "web", "web"]);
  });

  test("take the place of names in everything but words, in the stack's order", () => {
    const stack = small({
      name: "store",
      id: "shop",
      pools: { app: { active: 2, id: "web" }, api: { active: 1 } },
      routes: [
        { path: "/", pool: "app" },
        { path: "/api/", pool: "api" },
      ],
    });
    const plan = planAny(stack as { pools: object });
    expect(plan.nodes.map(({ key, name, pool }) => [key, name, pool])).toEqual([
      ["web-1", "shop-0123-web-1", "web"],
      ["web-2", "shop-0123-web-2", "web"],
      ["api-1", "shop-0123-api-1", "api"],
    ]);
    expect(plan.pools.map(({ name, shownAs }) => [name, shownAs])).toEqual([
      ["web", "app"],
      ["api", "api"],
    ]);
    expect(plan.routes.map(({ path, pool }) => [path, pool])).toEqual([
      ["/api/", "api"],
      ["/", "web"],
    ]);
    expect([plan.cluster, plan.shownAs]).toEqual(["shop", "store"]);
  });

  test("keep every machine and every file as they are, whatever is called differently", () => {
    fc.assert(
      fc.property(arbitraryStack(), (stack) => {
        expect(made(renamed(stack))).toEqual(made(stack));
      }),
      { numRuns: 60 },
    );
  });

  test("and so on AWS, where the platform's part of a stack names pools too", () => {
    const stack = awsStack({ pools: { web: { placement: "partition" } } }) as unknown as StackInput;
    const other = renamed(stack);
    expect(Object.keys((other.platform as unknown as { pools: object }).pools)).toEqual(["shown0"]);
    expect(made(other)).toEqual(made(stack));
    expect(planAny(other).groups.map(({ placement }) => placement)).toContain("partition");
  });

  test("there and back is where it was", () => {
    const there = renamed(small() as unknown as StackInput);
    const back = { ...there, name: "demo", pools: { web: { active: 2, id: "web" } } };
    expect(planAny(back)).toEqual(planAny(small() as unknown as StackInput));
  });
});
