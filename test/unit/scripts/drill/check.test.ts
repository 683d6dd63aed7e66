import { describe, expect, it } from "vitest";
import { check, holdingsOf } from "../../../../scripts/drill/check.ts";
import { percentile } from "../../../../scripts/drill/percentile.ts";
import { context, operation, recording, strike } from "./support.ts";

const measures = (fields: Parameters<typeof recording>[0]) => check(recording(fields), context).measures;

describe("losses", () => {
  const operations = [
    operation({ id: "a", stream: "get", due: 1100, outcome: "502" }),
    operation({ id: "b", stream: "post", due: 990, latency: 30, outcome: "ECONNRESET" }),
    operation({ id: "c", stream: "post", due: 1500, outcome: "504" }),
    operation({ id: "d", stream: "idempotent", due: 1500 }),
    operation({ id: "e", stream: "get-new", due: 1600, outcome: "timeout" }),
  ];
  const streams = ["get", "get-new", "post", "idempotent"].map((name) => ({
    name,
    method: "GET" as const,
    path: "/",
    share: 1,
    fresh: false,
  }));

  it("are counted by what may be sent twice, and all together", () => {
    expect(measures({ operations, streams })).toMatchObject({
      "lost.all": 4,
      "lost.get": 2,
      "lost.post": 2,
      "lost.idempotent": 0,
    });
  });

  it("tell POSTs that were at a node when it broke from all others", () => {
    expect(measures({ operations })["lost.post.beyondInFlight"]).toBe(1);
    // Sent when the fault had been complete for longer than its news needs, and ended before it began.
    const beyond = [
      operation({ id: "x", stream: "post", due: 1031, outcome: "502" }),
      operation({ id: "y", stream: "post", due: 970, latency: 29, outcome: "502" }),
    ];
    expect(measures({ operations: beyond })["lost.post.beyondInFlight"]).toBe(2);
    const unread = [operation({ id: "u", stream: "post", due: 1029, latency: 3, outcome: "502" })];
    expect(measures({ operations: unread })["lost.post.beyondInFlight"]).toBe(0);
    // Due before, but sent late: it was under way.
    const late = [operation({ id: "z", stream: "post", due: 900, late: 100, latency: 130, outcome: "502" })];
    expect(measures({ operations: late })["lost.post.beyondInFlight"]).toBe(0);
  });

  it("are told by stream and by kind", () => {
    const { streams: told } = check(recording({ operations, streams }), context);
    expect(told.map(({ stream, sent, lost, failed }) => [stream, sent, lost, failed])).toEqual([
      ["get", 1, 1, { "502": 1 }],
      ["get-new", 1, 1, { timeout: 1 }],
      ["post", 2, 2, { ECONNRESET: 1, "504": 1 }],
      ["idempotent", 1, 0, {}],
    ]);
  });
});

describe("executions", () => {
  const operations = [
    operation({ id: "a", stream: "post" }),
    operation({ id: "b", stream: "post", outcome: "504" }),
    operation({ id: "c", stream: "idempotent" }),
  ];
  const done = (...ids: string[]) =>
    ids.map((id, index) => ({ operation: id, node: "web-1", run: `1-${index}` }));

  it("count a POST that two nodes did, and not one that was done once", () => {
    expect(measures({ operations, executions: done("a", "b", "c") })["doubled.post"]).toBe(0);
    expect(measures({ operations, executions: done("a", "a", "b") })["doubled.post"]).toBe(1);
  });

  it("leave declared idempotent ones out of that limit, but tell of them", () => {
    const figures = check(recording({ operations, executions: done("c", "c") }), context);
    expect(figures.measures["doubled.post"]).toBe(0);
    expect(figures.streams.find(({ stream }) => stream === "idempotent")?.doubled).toBe(1);
  });

  it("show what was done although the client was told of a failure", () => {
    const { streams } = check(recording({ operations, executions: done("b") }), context);
    expect(streams.find(({ stream }) => stream === "post")?.doneYetFailed).toBe(1);
  });
});

describe("times", () => {
  const steady = Array.from({ length: 600 }, (_, index) => operation({ id: `s${index}`, due: index * 10 }));

  it("are 0 when nothing was ill", () => {
    expect(measures({ operations: steady })).toMatchObject({
      recover: 0,
      failing: 0,
      standby: null,
      detect: null,
    });
  });

  it("end with the last piece of 200 ms in which a request failed", () => {
    const operations = steady.map((one) => (one.due === 1450 ? { ...one, outcome: "502" } : one));
    expect(measures({ operations })).toMatchObject({ recover: 600, failing: 450 });
  });

  it("take one slow request for noise and a tenth of a piece for an illness", () => {
    const slow = (...dues: number[]) =>
      steady.map((one) => (dues.includes(one.due) ? { ...one, latency: 400 } : one));
    expect(measures({ operations: slow(1500) }).recover).toBe(0);
    expect(measures({ operations: slow(1500, 1510, 1520) }).recover).toBe(600);
  });

  it("don't count what came after the healing", () => {
    const operations = steady.map((one) => (one.due === 4500 ? { ...one, outcome: "502" } : one));
    expect(measures({ operations })).toMatchObject({ recover: 0, failing: 0, "lost.all": 1 });
  });

  it("tell when a hot standby first answered", () => {
    const operations = [operation({ id: "a", due: 1200, latency: 40, node: "web-hot-1" })];
    expect(measures({ operations }).standby).toBe(240);
  });

  it("tell when a balancer first kept requests from a victim", () => {
    const sample = {
      balancer: "lb-1",
      at: 1400,
      key: "web-2",
      inRotation: false,
      mark: null,
      lastChange: 1350,
    };
    expect(measures({ members: [sample] }).detect).toBe(350);
    expect(measures({ members: [{ ...sample, key: "web-1" }] }).detect).toBeNull();
    expect(measures({ members: [{ ...sample, lastChange: 900 }] }).detect).toBeNull();
    expect(measures({ members: [{ ...sample, inRotation: true }] }).detect).toBeNull();
  });

  it("take the worst of all rounds", () => {
    const strikes = [strike(), strike({ from: 4200, to: 4210, healFrom: 5500, healed: 5500 })];
    const operations = steady.map((one) => (one.due === 5000 ? { ...one, outcome: "502" } : one));
    expect(measures({ operations, strikes }).failing).toBe(800);
  });
});

describe("the address", () => {
  const probes = (...answers: (readonly [sent: number, took: number | null])[]) =>
    answers.map(([sent, took]) => ({ sent, took }));

  it("was without service between two answers, whenever they were asked for", () => {
    const asked = probes([990, 1], [1000, null], [1100, null], [1050, 240], [1300, 1]);
    expect(measures({ probes: asked }).gap).toBe(4000 - 1301);
    expect(measures({ probes: [...asked, ...probes([4100, 1])] }).gap).toBe(4101 - 1301);
    expect(
      measures({
        probes: probes([990, 1], [1050, 240], [1300, 1], [1310, 1]),
        strikes: [strike({ healFrom: 1305 })],
      }).gap,
    ).toBe(299);
  });

  it("has no figure where nobody looked", () => {
    expect(measures({}).gap).toBeNull();
    expect(measures({})["holders.after"]).toBeNull();
  });

  const sample = (balancer: string, at: number, holds: boolean | null) => ({ balancer, at, holds });

  it("is held from the first to the last sign, and no longer by who is gone", () => {
    const holders = [
      sample("lb-1", 0, true),
      sample("lb-1", 900, true),
      sample("lb-1", 1010, null),
      sample("lb-2", 0, false),
      sample("lb-2", 1300, true),
    ];
    expect(holdingsOf(holders, 6000)).toEqual([
      { balancer: "lb-1", from: 0, to: 1010 },
      { balancer: "lb-2", from: 1300, to: 6000 },
    ]);
    expect(measures({ holders })).toMatchObject({ "holders.after": 0, moves: 1, split: 0, "split.after": 0 });
  });

  it("is split while two have it", () => {
    const holders = [sample("lb-1", 0, true), sample("lb-2", 1300, true), sample("lb-2", 4150, false)];
    expect(measures({ holders })).toMatchObject({ split: 2850, "split.after": 150, "holders.after": 0 });
    expect(measures({ holders: holders.slice(0, 2) })["holders.after"]).toBe(1);
    expect(measures({ holders: [sample("lb-1", 0, false)] })["holders.after"]).toBe(1);
  });
});

it("says what the generator sent and nobody accounts for", () => {
  expect(check(recording({ sent: 3 }), context).unaccounted).toBe(3);
});

it("counts changes and their slowest", () => {
  const changes = [5, 9, 80].map((took, at) => ({
    balancer: "lb-1",
    at,
    took,
    status: at === 2 ? "400" : "200",
  }));
  expect(measures({ changes })).toMatchObject({ changes: 3, "change.p99": 80, "change.refused": 1 });
});

it("takes percentiles that were really measured", () => {
  expect(percentile([], 0.99)).toBe(0);
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(
    percentile(
      Array.from({ length: 100 }, (_, index) => index + 1),
      0.99,
    ),
  ).toBe(99);
  expect(
    percentile(
      Array.from({ length: 50 }, (_, index) => index + 1),
      0.99,
    ),
  ).toBe(50);
});
