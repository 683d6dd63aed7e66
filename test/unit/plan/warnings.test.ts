import { describe, expect, test } from "vitest";
import { planAny } from "../../support/plan-any.ts";
import { small, withPool } from "../../support/small.ts";

const warningsOf = (stack: Record<string, unknown>) => planAny(stack as { pools: object }).warnings;
const reason = "accepted in this test";

const cases = [
  {
    code: "platform.docker-single-host",
    stack: small({ environment: "staging" }),
    path: "platform.kind",
    message: "a staging cluster on one Docker host goes down with that host",
    hint: "acknowledge it for a rehearsal, or choose a platform with several hosts",
    quiet: small({ environment: "development" }),
  },
  {
    code: "network.crowded",
    stack: { ...withPool({ active: 1024 }), network: { subnet: "10.64.0.0/12" } },
    path: "pools",
    message: "1024 nodes in one network, and Docker connects no more than 1023 machines to one",
    hint: "split the cluster in several before it is brought up",
    quiet: { ...withPool({ active: 1000 }), network: { subnet: "10.64.0.0/12" } },
  },
  {
    code: "pool.no-cover",
    stack: withPool({ active: 1 }),
    path: "pools.web",
    message: "1 active node and no hot standby: when it is lost nothing answers",
    hint: "raise `active` to 2 or more, or add a hot standby",
    quiet: withPool({ active: 1, standby: { hot: 1 } }),
  },
  {
    code: "pool.no-cover",
    stack: withPool({ active: 1, standby: { cold: 1 } }),
    path: "pools.web",
    message:
      "1 active node and no hot standby: when it is lost nothing answers until a cold standby has started",
    hint: "raise `active` to 2 or more, or add a hot standby",
    quiet: withPool({ active: 2, standby: { cold: 1 } }),
  },
  {
    code: "pool.weight-starves-node",
    stack: withPool({ weights: { "web-1": 100 } }),
    path: "pools.web.weights",
    message: "web-2 gets 0.99 % of the requests (weight 1 of 101), less than 1 %",
    hint: "bring the weights closer together",
    quiet: withPool({ weights: { "web-1": 99 } }),
  },
];

describe.each(cases)("$code: $message", ({ code, stack, path, message, hint, quiet }) => {
  test("is said", () => {
    expect(warningsOf(stack)).toEqual([{ code, path, message, hint }]);
  });

  test("is not said where it doesn't hold", () => {
    expect(warningsOf(quiet)).toEqual([]);
  });

  test("is not said once it is acknowledged", () => {
    expect(warningsOf({ ...stack, acknowledge: [{ code, reason }] })).toEqual([]);
  });

  test("is said although another one is acknowledged", () => {
    expect(warningsOf({ ...stack, acknowledge: [{ code: "risk.keys-moved", reason }] })).toHaveLength(1);
  });
});

test("standbys count for nobody's share: only active nodes share the traffic", () => {
  expect(warningsOf(withPool({ standby: { hot: 1 }, weights: { "web-1": 99, "web-hot-1": 1000 } }))).toEqual(
    [],
  );
});

const network = { subnet: "10.64.0.0/16" };

test("many nodes of one weight starve nobody", () => {
  expect(warningsOf({ ...withPool({ active: 120 }), network })).toEqual([]);
});

test("nodes that starve in one pool are told together", () => {
  expect(
    warningsOf({ ...withPool({ active: 120, weights: { "web-1": 2 } }), network }).map(
      ({ message }) => message,
    ),
  ).toEqual(["119 nodes get less than 1 % of the requests each, web-2 0.83 % (weight 1 of 121)"]);
});
