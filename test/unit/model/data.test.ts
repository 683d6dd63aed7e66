import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainData } from "../../../components/model/data.ts";
import { checkStack } from "../../../components/model/define.ts";
import { problemsOf, small, withPool } from "../../support/small.ts";

const circle: Record<string, unknown> = { active: 1 };
circle.standby = circle;
const throwing = {
  get active(): number {
    throw new Error("no number today");
  },
};
const endless = (): object => ({
  get standby() {
    return endless();
  },
});
class Pool {
  readonly active = 2;
}

const found = (stack: unknown) => problemsOf(stack).map(([path, code, message]) => [path, code, message]);
const strange = (path: string, message: string, code = "shape.not-data") => [[path, code, message]];

describe("what is no data is refused where it is", () => {
  test.each<[string, unknown, unknown]>([
    ["a circle", small({ pools: { web: circle } }), strange("pools.web.standby", "it contains itself")],
    [
      "a getter that throws",
      small({ pools: { web: throwing } }),
      strange("pools.web.active", "it can't be read: no number today"),
    ],
    ["a Map", small({ pools: new Map() }), strange("pools", "an object of Map is not plain data")],
    [
      "a Date where all may be left out",
      withPool({ standby: new Date(0) }),
      strange("pools.web.standby", "an object of Date is not plain data"),
    ],
    [
      "a Set",
      small({ acknowledge: new Set() }),
      strange("acknowledge", "an object of Set is not plain data"),
    ],
    [
      "an object of a class",
      small({ pools: { web: new Pool() } }),
      strange("pools.web", "an object of Pool is not plain data"),
    ],
    ["a BigInt", withPool({ active: 2n }), strange("pools.web.active", "2n is a BigInt")],
    ["a BigInt as a time", withPool({ stopGrace: 2n }), strange("pools.web.stopGrace", "2n is a BigInt")],
    ["a symbol", small({ name: Symbol("demo") }), strange("name", "a symbol is no data")],
    [
      "a symbol as a name",
      small({ [Symbol("more") as never]: 1 }),
      strange("Symbol(more)", "a symbol is no name"),
    ],
    ["a list with holes", small({ routes: new Array(2) }), strange("routes", "the list has holes")],
    ["a circle for all", circleOfAll(), [["standby", "shape.not-data", "it contains itself"]]],
    [
      "a name that is lost, as a pool",
      small({ pools: JSON.parse('{"web":{"active":2},"__proto__":{"active":2}}') }),
      strange(
        "pools.__proto__",
        '"__proto__" is a name that JavaScript keeps for itself',
        "shape.wrong-name",
      ),
    ],
    [
      "a name that is lost, as a variable",
      withPool({ environment: JSON.parse('{"__proto__":"1"}') }),
      strange(
        "pools.web.environment.__proto__",
        '"__proto__" is a name that JavaScript keeps for itself',
        "shape.wrong-name",
      ),
    ],
    [
      "a prototype that is written as a pool",
      small({ pools: { web: { active: 2 }, __proto__: { active: 2 } } }),
      strange("pools", "an object with another one as its prototype is not plain data"),
    ],
  ])("%s", (_, stack, expected) => {
    expect(found(stack)).toEqual(expect.arrayContaining(expected as unknown[]));
    expect(found(stack).filter(([, code]) => code === "shape.missing")).toHaveLength(
      (stack as { name?: unknown }).name === undefined ? 4 : 0,
    );
  });

  test("an object without end", () => {
    const [problem, ...more] = problemsOf(small({ pools: { web: endless() } })).filter(
      ([, code]) => code === "shape.not-data",
    );
    expect(problem?.[2]).toBe("it is more than 64 levels deep");
    expect(more).toEqual([]);
  });

  test("a proxy that throws whatever is asked", () => {
    const trap = () => {
      throw new Error("no");
    };
    const proxy = new Proxy({}, { ownKeys: trap, get: trap, getPrototypeOf: trap });
    expect(found(proxy)).toEqual([["", "shape.not-data", "it can't be read: no"]]);
  });
});

function circleOfAll(): object {
  const all: Record<string, unknown> = {};
  all.standby = all;
  return all;
}

test("what is right elsewhere is still looked at", () => {
  expect(
    problemsOf(small({ protect: 1n, network: { subnet: "10.77.0.1/22" } })).map(([path]) => path),
  ).toEqual(["protect", "network.subnet"]);
});

test("an object that stands in two places is no circle", () => {
  const web = { active: 2 };
  const routes = [
    { path: "/", pool: "web" },
    { path: "/api", pool: "api" },
  ];
  expect(problemsOf(small({ pools: { web, api: web }, routes }))).toEqual([]);
});

test("objects without a prototype are data", () => {
  const bare = Object.assign(Object.create(null), { active: 2 });
  expect(problemsOf(small({ pools: { web: bare } }))).toEqual([]);
});

test("data is copied as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value).includes("__proto__"));
      expect(plainData(value)).toEqual({ data: value, problems: [] });
    }),
  );
});

test("anything at all is refused with problems and never throws", () => {
  fc.assert(
    fc.property(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withSparseArray: true,
        withTypedArray: true,
        withNullPrototype: true,
        withBoxedValues: true,
      }),
      (value) => {
        expect(checkStack(value).problems.length).toBeGreaterThan(0);
        expect(checkStack(small({ pools: value })).problems.length).toBeGreaterThan(0);
      },
    ),
  );
});
