import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  algorithmKinds,
  algorithmSchema,
  countsWeights,
  hashedBy,
} from "../../../components/model/algorithms.ts";
import { balancerTraits } from "../../../components/model/balancers/select.ts";
import { problemsOf, small, withPool } from "../../support/small.ts";

const lua = join(import.meta.dirname, "../../../infra/runtime/balancer/lua/hotspare");
const read = (file: string) => readFileSync(join(lua, file), "utf8");
const sorted = (names: readonly string[]) => [...new Set(names)].sort();

describe("the balancer's own code", () => {
  test("has a function for each algorithm, and for no other", () => {
    const defined = [...read("algorithms.lua").matchAll(/^M\["([a-z-]+)"\] = /gm)].map(
      ([, name]) => name ?? "",
    );
    expect(sorted(defined)).toEqual(sorted(algorithmKinds));
  });

  test("takes each in a document, and a key only where the table has one", () => {
    const [, kinds = ""] = /^local kinds = \{\n([\s\S]*?)^\}/m.exec(read("document.lua")) ?? [];
    const known = [...kinds.matchAll(/\["([a-z-]+)"\] = \{([^}]*)\}/g)].map(([, name, keys]) => [
      name,
      keys?.trim(),
    ]);
    const expected = algorithmKinds.map((kind) => [
      kind,
      algorithmSchema.safeParse({ kind }).success ? "" : "key = true",
    ]);
    expect(known.sort()).toEqual(expected.sort());
  });
});

test("weights count where the algorithm looks at them", () => {
  expect(algorithmKinds.filter((kind) => !countsWeights({ kind }))).toEqual(["round-robin", "ip-hash"]);
  expect(() => countsWeights({ kind: "fastest" as "ip-hash" })).toThrow('no algorithm "fastest"');
});

test("a request has a home by what is hashed", () => {
  expect(hashedBy({ kind: "ip-hash" })).toBe("client-address");
  expect(hashedBy({ kind: "consistent-hash", key: "header:X-Tenant" })).toBe("header:X-Tenant");
  for (const kind of ["weighted-round-robin", "round-robin", "least-connections", "two-choices"] as const)
    expect(hashedBy({ kind })).toBeNull();
});

describe("an algorithm that the kind of balancer hasn't", () => {
  const lvs = (kind: string) =>
    problemsOf(
      small({
        balancer: { kind: "lvs", services: [{ port: 8080, pool: "web" }] },
        pools: {
          web: {
            active: 2,
            algorithm: { kind, ...(kind === "consistent-hash" ? { key: "client-address" } : {}) },
          },
        },
      }),
    );

  test("is refused, with those that it has", () => {
    expect(lvs("two-choices")).toEqual([
      [
        "pools.web.algorithm.kind",
        "pool.algorithm-not-there",
        'balancers of kind "lvs" have no algorithm "two-choices"',
        'use one of ["weighted-round-robin", "round-robin", "least-connections", "ip-hash", "consistent-hash"]',
      ],
    ]);
  });

  test.each(balancerTraits("lvs").algorithms)("%s is taken", (kind) => {
    expect(lvs(kind)).toEqual([]);
  });

  test("nginx has them all", () => {
    for (const kind of algorithmKinds)
      expect(
        problemsOf(withPool({ algorithm: kind === "consistent-hash" ? { kind, key: "uri" } : { kind } })),
      ).toEqual([]);
  });
});
