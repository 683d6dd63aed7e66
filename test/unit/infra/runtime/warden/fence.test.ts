import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../../../infra/runtime/warden/config.ts";
import { decide, freshState } from "../../../../../infra/runtime/warden/decide.ts";
import type {
  Decision,
  MemberSeen,
  Observation,
  Power,
  State,
  Timers,
} from "../../../../../infra/runtime/warden/types.ts";

/* A pool whose lost nodes have to be off before a standby takes their place. */

const timers: Timers = {
  coldAfter: 1000,
  calm: 2000,
  limit: 10,
  fence: ["web"],
  startup: { web: 5000 },
  restart: { after: 2000, unhealthyAfter: 10_000, tries: 3, backoff: 1000 },
};

type Look = readonly [power: Power | null, healthy: boolean | null, out?: "out"];

function see(nodes: Record<string, Look>, more: Partial<Observation>): Observation {
  const members = Object.entries(nodes).map(([key, [, healthy, out]]): MemberSeen => {
    const desiredRole = key.includes("-cold-") ? "cold" : "active";
    const role = more.overlay?.[key]?.role ?? desiredRole;
    const rest = { mark: null, inRotation: healthy === true, weight: 1, inFlight: 0, proven: true } as const;
    return { key, desiredRole, role, healthy, out: out === "out", ...rest };
  });
  const power = Object.fromEntries(
    Object.entries(nodes).flatMap(([key, [one]]): [string, Power][] => (one === null ? [] : [[key, one]])),
  );
  return {
    ...{ leader: true, lease: null, maintenance: null, pools: { web: members }, overlay: {}, power },
    ...more,
  };
}

/** What is done at each scene: actions, and `serve` for each standby that is let. */
function play(
  ...scenes: (readonly [at: number, nodes: Record<string, Look>, more?: Partial<Observation>])[]
): string[] {
  let state: State = freshState;
  let overlay: Decision["overlay"] = {};
  let did: string[] = [];
  for (const [at, nodes, more] of scenes) {
    const decision = decide(state, see(nodes, { overlay, ...more }), timers, at);
    ({ state, overlay } = decision);
    did = [
      ...decision.actions.map(({ kind, node }) => `${kind} ${node}`),
      ...Object.keys(overlay).map((key) => `serve ${key}`),
    ];
  }
  return did;
}

const well = { "web-1": ["running", true], "web-2": ["running", true], "web-cold-1": ["off", null] } as const;
const lost = { ...well, "web-2": ["running", false] } as const;
const off = { ...well, "web-2": ["off", false] } as const;

test("a lost node loses its power first, and nobody serves in its place before that is seen", () => {
  expect(play([0, well], [100, lost])).toEqual([]);
  expect(play([0, well], [100, lost], [1100, lost])).toEqual(["fence web-2"]);
  const cut = [
    [0, well],
    [100, lost],
    [1100, lost],
    [1150, { ...lost, "web-2": ["busy", false] }],
  ] as const;
  expect(play(...cut)).toEqual([]);
  expect(play(...cut, [1500, off])).toEqual(["start web-cold-1", "serve web-cold-1"]);
});

test("nobody serves for one whose controller says nothing, until a person has taken it out", () => {
  const silent = { ...well, "web-2": [null, false] } as const;
  expect(play([0, well], [100, silent], [1100, silent], [1500, silent])).toEqual([]);
  const running = { ...silent, "web-cold-1": ["running", true] } as const;
  expect(play([0, well], [100, running], [5000, running])).not.toContain("serve web-cold-1");
  const out = { ...silent, "web-2": [null, false, "out"] } as const;
  expect(play([0, well], [100, out])).toEqual(["start web-cold-1", "serve web-cold-1"]);
});

test("a fence that failed is tried again, ever more seldom", () => {
  const scenes = [
    [0, well],
    [100, lost],
    [1100, lost],
  ] as const;
  expect(play(...scenes, [1900, lost])).toEqual([]);
  expect(play(...scenes, [2200, lost])).toEqual(["fence web-2"]);
  expect(play(...scenes, [2200, lost], [3300, lost])).toEqual([]);
});

test("what was fenced stays off, and its standby serves until it has been switched on and is well for long enough", () => {
  const cut = [
    [0, well],
    [100, lost],
    [1100, lost],
    [1500, off],
  ] as const;
  const serving = { ...off, "web-cold-1": ["running", true] } as const;
  expect(play(...cut, [5000, serving], [60_000, serving])).toEqual(["serve web-cold-1"]);
  const back = { ...serving, "web-2": ["running", true] } as const;
  expect(play(...cut, [5000, serving], [60_000, back], [61_000, back])).toEqual(["serve web-cold-1"]);
  expect(play(...cut, [5000, serving], [60_000, back], [62_100, back])).toEqual([]);
});

test("where no node of the pool is well nothing is cut: what they share has failed", () => {
  const cables = { ...lost, "web-1": ["running", false], "web-cold-2": ["off", null] } as const;
  expect(play([0, well], [100, cables], [1100, cables], [60_000, cables])).toEqual([]);
  // Once one is well again, the other one is lost alone.
  const one = { ...cables, "web-1": ["running", true] } as const;
  expect(play([0, well], [100, cables], [60_000, cables], [60_100, one])).toEqual(["fence web-2"]);
});

test("a pool's only node is cut: nobody can tell whether it is alone", () => {
  const only = { "web-1": ["running", false], "web-cold-1": ["off", null] } as const;
  const before = { ...only, "web-1": ["running", true] } as const;
  expect(play([0, before], [100, only], [1100, only])).toEqual(["fence web-1"]);
});

describe("no more nodes are cut than standbys are free", () => {
  const three = { ...well, "web-3": ["running", true] } as const;
  const two = { ...three, "web-2": ["running", false], "web-3": ["running", false] } as const;
  const begun = [
    [0, three],
    [100, two],
    [1100, two],
  ] as const;

  test("at once", () => {
    expect(play(...begun)).toEqual(["fence web-2"]);
    const more = { "web-cold-2": ["off", null] } as const;
    const [before, after] = [
      { ...three, ...more },
      { ...two, ...more },
    ];
    expect(play([0, before], [100, after], [1100, after])).toEqual(["fence web-2", "fence web-3"]);
  });

  test("nor while one is being cut, has just been cut, or waits for its standby", () => {
    expect(play(...begun, [1150, { ...two, "web-2": ["busy", false] }])).toEqual([]);
    expect(play(...begun, [1200, two])).toEqual([]);
    const cut = { ...two, "web-2": ["off", false] } as const;
    expect(play(...begun, [1500, cut])).toEqual(["start web-cold-1", "serve web-cold-1"]);
    expect(play(...begun, [1500, cut], [5000, { ...cut, "web-cold-1": ["running", true] }])).toEqual([
      "serve web-cold-1",
    ]);
  });

  test("and one whose controller fails doesn't keep the next from it", () => {
    expect(play(...begun, [2200, two])).toEqual(["fence web-3"]);
  });

  test("nor any without a standby, or with one that a person has taken out", () => {
    const { "web-cold-1": _, ...bare } = lost;
    expect(play([0, bare], [100, bare], [1100, bare], [5000, bare])).toEqual([]);
    const out = { ...lost, "web-cold-1": ["off", null, "out"] } as const;
    expect(play([0, well], [100, out], [1100, out], [5000, out])).toEqual([]);
  });
});

describe("a node that somebody has switched on", () => {
  const boots = { ...lost, "web-cold-1": ["running", true], "web-cold-2": ["off", null] } as const;
  const cut = [
    [0, well],
    [100, lost],
    [1100, lost],
    [1500, off],
    [30_000, { ...boots, "web-2": ["off", false] }],
    [30_100, boots],
  ] as const;

  test("isn't cut again while it boots", () => {
    expect(play(...cut)).toEqual(["serve web-cold-1"]);
    expect(play(...cut, [34_900, boots])).toEqual(["serve web-cold-1"]);
  });

  test("is cut when it hasn't become well in its time to start", () => {
    expect(play(...cut, [35_100, boots])).toContain("fence web-2");
  });

  test("has none of that time left once it was well", () => {
    const back = { ...boots, "web-2": ["running", true] } as const;
    expect(play(...cut, [31_000, back], [31_500, boots], [32_600, boots])).toContain("fence web-2");
  });
});

test.each([
  ["beside a balancer without the address", { leader: false }],
  ["while an up changes the cluster", { lease: "up" }],
])("nothing is cut %s", (_, more) => {
  expect(play([0, well, more], [100, lost, more], [5000, lost, more])).toEqual([]);
});

test("the document names the pools", () => {
  const document = { schema: 1, warden: "warden-1", cluster: "c", balancer: "lb-1", answers: [], timers };
  expect(parseConfig(JSON.stringify({ ...document, fence: ["web"] })).timers.fence).toEqual(["web"]);
  expect(() => parseConfig(JSON.stringify({ ...document, fence: "web" }))).toThrow(
    "fence: must be a list of pools",
  );
});
