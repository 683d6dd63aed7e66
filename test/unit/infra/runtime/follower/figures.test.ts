import { describe, expect, test } from "vitest";
import {
  type Counted,
  countedOf,
  difference,
  metricData,
  type PoolAnswers,
} from "../../../../../infra/runtime/follower/figures.ts";

const names = {
  namespace: "hotspare",
  requests: "RequestsPerNode",
  errors: "ServerErrorPercent",
  latency: "RequestSeconds",
  retries: "Retries",
  refused: "RetriesRefused",
  cluster: "shop-3f2a",
};
const answers = (
  count: number,
  errors = 0,
  latency: Record<string, number> = {},
  retries = 0,
  refused = 0,
): PoolAnswers => ({ count, errors, latency, retries, refused });
const counted = (web: PoolAnswers, generation = 1, loadedAt = 100): Counted => ({
  generation,
  loadedAt,
  pools: { web },
});

describe("what was counted between two moments", () => {
  const before = counted(answers(100, 4, { "0.01": 90, "1": 10 }, 7, 2));

  test("is the difference, without buckets in which nothing came", () => {
    const after = counted(answers(130, 5, { "0.01": 110, "1": 10, "10": 10 }, 12, 3));
    expect(difference(before, after)).toEqual({ web: answers(30, 1, { "0.01": 20, "10": 10 }, 5, 1) });
  });

  test("goes on over a reload", () => {
    const after = counted(answers(101, 4, { "0.01": 91, "1": 10 }, 7, 2), 2, 200);
    expect(difference(before, after)).toEqual({ web: answers(1, 0, { "0.01": 1 }) });
  });

  test.each<[string, Counted]>([
    ["fewer loads", counted(answers(500, 1, { "0.01": 500 }), 0)],
    [
      "another first load, though more was answered by now",
      counted(answers(500, 1, { "0.01": 500 }), 1, 200),
    ],
    ["fewer answers", counted(answers(3, 1, { "0.01": 3 }), 3, 300)],
  ])("is all that nginx counts after a start: %s", (_, after) => {
    expect(difference(before, after)).toEqual(after.pools);
  });

  test("is all of a pool that is new", () => {
    const after = { ...before, pools: { ...before.pools, api: answers(2, 2, { "1": 2 }) } };
    expect(difference(before, after)).toEqual({ web: answers(0), api: after.pools.api });
  });
});

test("a pool that is called like what every object has is counted like any other", () => {
  const after = { ...counted(answers(0)), pools: { constructor: answers(3, 1, { "1": 3 }) } };
  expect(difference(counted(answers(0)), after)).toEqual({ constructor: answers(3, 1, { "1": 3 }) });
  const followed = {
    constructor: { algorithm: {}, health: {}, port: 80, active: "constructor", hot: null },
  };
  expect(metricData(names, followed, { seconds: 60, groups: {}, pools: {} }, new Date(0))).toEqual([]);
});

describe("what is published", () => {
  const followed = {
    web: { algorithm: {}, health: {}, port: 80, active: "shop-web", hot: "shop-web-hot" },
  };
  const instances = ["InService", "InService", "Terminating:Wait", "InService"].map((state, index) => ({
    id: `i-${index}`,
    state,
    address: null,
  }));
  const groups = { "shop-web": { desired: 4, instances } };
  const minute = new Date("2026-11-28T12:00:00Z");
  const share = { seconds: 60, groups, pools: { web: answers(3600, 36, { "0.01": 3500, "1": 100 }) } };
  const data = (more: Partial<typeof share> = {}) =>
    metricData(names, followed, { ...share, ...more }, minute);

  test("is a share of requests a second and node, zeros and hundreds, and buckets with their counts", () => {
    const pool = {
      Dimensions: [
        { Name: "Cluster", Value: "shop-3f2a" },
        { Name: "Pool", Value: "web" },
      ],
      Timestamp: minute,
    };
    expect(data()).toEqual([
      {
        MetricName: "RequestsPerNode",
        Dimensions: [{ Name: "Group", Value: "shop-web" }],
        Timestamp: minute,
        Value: 20,
        Unit: "Count/Second",
      },
      { MetricName: "ServerErrorPercent", ...pool, Values: [0, 100], Counts: [3564, 36], Unit: "Percent" },
      { MetricName: "RequestSeconds", ...pool, Values: [0.01, 1], Counts: [3500, 100], Unit: "Seconds" },
    ]);
  });

  test("of a quiet minute is that there were no requests, so that a group may shrink, and nothing else", () => {
    expect(data({ pools: { web: answers(0) } })).toMatchObject([{ MetricName: "RequestsPerNode", Value: 0 }]);
  });

  test("has no count of zero, which CloudWatch refuses", () => {
    const bad = data({ pools: { web: answers(5, 5, { "1": 5 }) } });
    expect(bad[1]).toMatchObject({ Values: [100], Counts: [5] });
  });

  test("is the number of retries and of failures passed on, where there were any", () => {
    expect(data({ pools: { web: answers(5, 0, { "1": 5 }, 3, 1) } }).slice(3)).toMatchObject([
      { MetricName: "Retries", Value: 3, Unit: "Count", Timestamp: minute },
      { MetricName: "RetriesRefused", Value: 1, Unit: "Count", Timestamp: minute },
    ]);
  });

  test("of a group with nobody in service is a number all the same", () => {
    const [requests] = data({ groups: { "shop-web": { desired: 4, instances: [] } } });
    expect(requests?.Value).toBe(60);
  });

  test("is no request for a group that was never told, and nothing for a pool that nginx doesn't know", () => {
    expect(data({ groups: {} as typeof groups }).map(({ MetricName }) => MetricName)).toEqual([
      "ServerErrorPercent",
      "RequestSeconds",
    ]);
    expect(data({ pools: {} as typeof share.pools })).toEqual([]);
  });

  test("adds up to the whole, however unevenly the balancers share it", () => {
    const shares = [answers(90, 9, { "1": 90 }), answers(10, 0, { "1": 10 })].map((web) =>
      data({ pools: { web } }),
    );
    const sum = shares.reduce((total, [requests]) => total + (requests?.Value ?? 0), 0);
    expect(sum).toBeCloseTo(100 / 60 / 3);
    const points = shares.flatMap(([, errors]) =>
      (errors?.Values ?? []).map((value, index) => ({ value, count: errors?.Counts?.[index] ?? 0 })),
    );
    const total = points.reduce((all, { count }) => all + count, 0);
    expect(points.reduce((all, { value, count }) => all + value * count, 0) / total).toBe(9);
  });
});

describe("a status", () => {
  test("is read with what else it has", () => {
    const told = { count: 1, errors: 0, latency: {} };
    const pools = { web: { members: [], answers: told, retries: { made: 4, refused: 2 } } };
    expect(countedOf({ generation: 1, loadedAt: 2, pools, revision: "a" })).toEqual(
      counted(answers(1, 0, {}, 4, 2), 1, 2),
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ["no generation", { generation: 1, pools: {} }],
    ["no answers of pool web", { generation: 1, loadedAt: 2, pools: { web: {} } }],
    ["no retries of pool web", { generation: 1, loadedAt: 2, pools: { web: { answers: answers(1) } } }],
  ])("that isn't one is refused: %s", (words, status) => {
    expect(() => countedOf(status)).toThrow(words);
  });
});
