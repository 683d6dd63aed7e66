import { describe, expect, test } from "vitest";
import {
  type BalancerCounts,
  figuresOf,
  newcomersShare,
  readCounts,
  type Sample,
} from "../../../../scripts/live/figures.ts";

/** What a balancer has counted: answers, 5xx among them, by time until they began, and requests of each node. */
function counted(
  [count, errors]: [number, number],
  latency: Record<string, number>,
  nodes: Record<string, number>,
): BalancerCounts {
  const members = Object.entries(nodes).map(([key, requests]) => ({ key, weight: 1, requests, inFlight: 1 }));
  const counts = readCounts({ more: 1, pools: { web: { answers: { count, errors, latency }, members } } });
  if (counts === null) throw new Error("these are no counts");
  return counts;
}
const sample = (at: number, balancers: Record<string, BalancerCounts>): Sample => ({
  at,
  counts: new Map(Object.entries(balancers)),
});

describe("what happens now", () => {
  const before = sample(1000, { "lb-1": counted([100, 1], { "0.001": 100 }, { "web-1": 60, "web-2": 40 }) });

  test("is what was counted since the sample before, by the second", () => {
    const after = sample(3000, {
      "lb-1": counted([300, 5], { "0.001": 298, "0.05": 1, "0.5": 1 }, { "web-1": 160, "web-2": 140 }),
    });
    expect(figuresOf(before, after)).toEqual({
      rate: 100,
      errors: 2,
      p99: 1,
      balancers: { "lb-1": 100 },
      nodes: { "web-1": 50, "web-2": 50 },
      inFlight: { "web-1": 1, "web-2": 1 },
    });
    const slower = sample(3000, { "lb-1": counted([300, 5], { "0.001": 290, "0.5": 10 }, {}) });
    expect(figuresOf(before, slower).p99).toBe(500);
  });

  test("is nothing before there are two samples, and of a balancer that is seen for the first time", () => {
    expect(figuresOf(undefined, before)).toMatchObject({
      rate: 0,
      errors: 0,
      p99: null,
      nodes: { "web-1": 0 },
    });
    const another = sample(2000, {
      ...Object.fromEntries(before.counts),
      "lb-2": counted([900, 9], { "1": 900 }, { "web-1": 900 }),
    });
    expect(figuresOf(before, another)).toMatchObject({ rate: 0, p99: null, nodes: { "web-1": 0 } });
  });

  test("counts from zero where a balancer has begun anew, and both of two", () => {
    const anew = sample(2000, { "lb-1": counted([10, 0], { "0.001": 10 }, { "web-1": 10, "web-3": 4 }) });
    expect(figuresOf(before, anew)).toMatchObject({ rate: 10, nodes: { "web-1": 10, "web-3": 4 } });
    const two = { "lb-1": counted([0, 0], {}, { "web-1": 0 }), "lb-2": counted([0, 0], {}, { "web-1": 0 }) };
    const later = {
      "lb-1": counted([5, 0], {}, { "web-1": 5 }),
      "lb-2": counted([7, 0], {}, { "web-1": 7 }),
    };
    expect(figuresOf(sample(0, two), sample(1000, later))).toMatchObject({
      rate: 12,
      balancers: { "lb-1": 5, "lb-2": 7 },
      nodes: { "web-1": 12 },
      inFlight: { "web-1": 2 },
    });
  });

  test("knows new members by the nodes that they become, and their share", () => {
    const mixed = counted([0, 0], {}, { "web-1": 1, "web-1-new": 2, "web-2": 1 });
    expect(figuresOf(undefined, sample(0, { "lb-1": mixed })).nodes).toEqual({ "web-1": 0, "web-2": 0 });
    expect(newcomersShare(new Map([["lb-1", mixed]]))).toBeCloseTo(1 / 3);
    expect(newcomersShare(before.counts)).toBeNull();
    expect(newcomersShare(new Map())).toBeNull();
  });
});

test("answers that are none are none, and Lua's empty lists are empty", () => {
  for (const answer of [null, 3, "x", {}, { pools: [] }, { pools: { web: {} } }])
    expect(readCounts(answer)).toBeNull();
  expect(readCounts({ pools: { web: { members: {} } } })).toEqual({ pools: { web: { members: [] } } });
});
