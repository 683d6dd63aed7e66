import { describe, expect, test } from "vitest";
import { decide, freshState, sameOverlay } from "../../../../../infra/runtime/warden/decide.ts";
import type {
  Decision,
  MemberSeen,
  Observation,
  Power,
  Role,
  State,
  Timers,
} from "../../../../../infra/runtime/warden/types.ts";

const timers: Timers = {
  coldAfter: 1000,
  calm: 2000,
  limit: 10,
  startup: { web: 5000 },
  restart: { after: 2000, unhealthyAfter: 10_000, tries: 3, backoff: 1000 },
};

/** `born`: its checks fail, and none has ever passed. */
type Look = "born" | "well" | "lost" | "ill" | "new" | "doubted" | "off" | "out";

/** `see({ "web-1": "well", "web-hot-1": "well" })`: an observation, machines as they would be. */
function see(nodes: Record<string, Look>, more: Partial<Observation> = {}): Observation {
  const overlay = more.overlay ?? {};
  const members = Object.entries(nodes).map(([key, look]): MemberSeen => {
    const desiredRole: Role = key.includes("-hot-") ? "hot" : key.includes("-cold-") ? "cold" : "active";
    return {
      key,
      desiredRole,
      role: overlay[key]?.role ?? desiredRole,
      healthy: look === "new" || look === "off" ? null : look !== "ill" && look !== "born",
      mark: look === "lost" ? "lost" : look === "doubted" ? "doubted" : null,
      inRotation: look === "well",
      weight: 1,
      inFlight: 0,
      out: look === "out",
      proven: look !== "born",
    };
  });
  const power = Object.fromEntries(
    Object.entries(nodes).map(([key, look]): [string, Power] => [key, look === "off" ? "off" : "running"]),
  );
  return { leader: true, lease: null, maintenance: null, pools: { web: members }, overlay, power, ...more };
}

const active = (decision: Decision) =>
  Object.entries(decision.overlay)
    .filter(([, { role }]) => role === "active")
    .map(([key]) => key);
const did = (decision: Decision) => decision.actions.map(({ kind, node }) => `${kind} ${node}`);
const told = (decision: Decision) =>
  decision.events.map(({ event, node }) => `${event} ${node ?? ""}`.trim());

/** Plays observations, each at its time; returns the last decision. The overlay that is decided is the next one seen. */
function play(...scenes: [at: number, nodes: Record<string, Look>, more?: Partial<Observation>][]): Decision {
  let state: State = freshState;
  let decision = decide(state, see({}), timers, 0);
  for (const [at, nodes, more] of scenes) {
    decision = decide(state, see(nodes, { overlay: decision.overlay, ...more }), timers, at);
    state = decision.state;
  }
  return decision;
}

const well = { "web-1": "well", "web-2": "well", "web-hot-1": "well", "web-cold-1": "off" } as const;

describe("what is lost is weighed", () => {
  const weights: Record<string, number> = { "web-1": 3, "web-2": 2 };
  const all = {
    "web-1": "well",
    "web-2": "well",
    "web-3": "well",
    "web-4": "well",
    "web-hot-1": "well",
    "web-cold-1": "off",
    "web-cold-2": "off",
  } as const satisfies Record<string, Look>;

  /** Nodes with weights 3:2:1:1 and standbys of 1; what is decided when hot standbys have been too few for long enough. */
  function after(nodes: Record<string, Look>): Decision {
    let decision = decide(freshState, see(nodes), timers, 0);
    for (const now of [0, timers.coldAfter]) {
      const seen = see(nodes, { overlay: decision.overlay });
      const web = (seen.pools.web ?? []).map((member) => ({ ...member, weight: weights[member.key] ?? 1 }));
      decision = decide(decision.state, { ...seen, pools: { web } }, timers, now);
    }
    return decision;
  }

  test("three standbys for the node that had three parts, one for a node that had one", () => {
    const heavy = after({ ...all, "web-1": "lost" });
    expect(active(heavy)).toEqual(["web-hot-1", "web-cold-1", "web-cold-2"]);
    expect(did(heavy)).toEqual(["start web-cold-1", "start web-cold-2"]);
    const middle = after({ ...all, "web-2": "lost" });
    expect(did(middle)).toEqual(["start web-cold-1"]);
    const light = after({ ...all, "web-3": "lost" });
    expect([active(light), did(light)]).toEqual([["web-hot-1"], []]);
  });
});

describe("hot standbys", () => {
  test("stand by while all is well", () => {
    const decision = play([0, well], [5000, well]);
    expect([decision.overlay, decision.actions]).toEqual([{}, []]);
  });

  test.each(["lost", "ill", "off", "out"] as const)("serve at once when an active node is %s", (look) => {
    expect(active(play([0, well], [50, { ...well, "web-2": look }]))).toEqual(["web-hot-1"]);
  });

  test.each(["doubted", "new"] as const)("stay when an active node is only %s", (look) => {
    expect(active(play([0, well], [50, { ...well, "web-2": look }]))).toEqual([]);
  });

  test("that aren't well themselves aren't used", () => {
    expect(active(play([0, { ...well, "web-2": "lost", "web-hot-1": "ill" }]))).toEqual([]);
  });

  test("serve though this warden doesn't lead, though a lease is live, though machines can't be seen", () => {
    const scene = { ...well, "web-2": "ill" } as const;
    expect(active(play([0, scene, { leader: false }]))).toEqual(["web-hot-1"]);
    expect(active(play([0, scene, { lease: "up" }]))).toEqual(["web-hot-1"]);
    expect(active(play([0, scene, { power: null }]))).toEqual(["web-hot-1"]);
  });

  test("go back when the active nodes have been well for calm, and not before", () => {
    const failed = { ...well, "web-2": "ill" } as const;
    expect(active(play([0, well], [100, failed], [1000, well], [2900, well]))).toEqual(["web-hot-1"]);
    expect(active(play([0, well], [100, failed], [1000, well], [3000, well]))).toEqual([]);
  });

  test("don't come and go with a node that comes and goes", () => {
    const failed = { ...well, "web-2": "ill" } as const;
    const scenes = Array.from({ length: 20 }, (_, i): [number, Record<string, Look>] => [
      i * 1000,
      i % 2 === 0 ? failed : well,
    ]);
    expect(active(play(...scenes))).toEqual(["web-hot-1"]);
  });

  test("don't go back under a lease", () => {
    const failed = { ...well, "web-2": "ill" } as const;
    expect(active(play([0, failed], [100, well], [9000, well, { lease: "up" }]))).toEqual(["web-hot-1"]);
  });
});

describe("cold standbys", () => {
  const short = { ...well, "web-1": "ill", "web-2": "ill" } as const;

  test("are started when hot ones have been too few for coldAfter", () => {
    expect(did(play([0, short], [950, short]))).toEqual([]);
    const decision = play([0, short], [1000, short]);
    expect(did(decision)).toEqual(["start web-cold-1"]);
    expect(active(decision)).toEqual(["web-hot-1", "web-cold-1"]);
  });

  test.each([{ leader: false }, { lease: "up" }, { power: null }])("are not started with %o", (more) => {
    expect(did(play([0, short, more], [5000, short, more]))).toEqual([]);
  });

  test("that run already are used without a wait, also by who doesn't lead", () => {
    const running = { ...short, "web-cold-1": "new" } as const;
    expect(active(play([0, running, { leader: false }]))).toEqual(["web-hot-1", "web-cold-1"]);
  });

  test("one start is enough for one lost node", () => {
    const two = { "web-1": "ill", "web-2": "well", "web-cold-1": "off", "web-cold-2": "off" } as const;
    expect(did(play([0, two], [1000, two]))).toEqual(["start web-cold-1"]);
    expect(did(play([0, two], [1000, two], [1500, { ...two, "web-cold-1": "new" }]))).toEqual([]);
  });

  test("stop again once nobody needs them, after they were demoted", () => {
    const running = { ...well, "web-cold-1": "well" } as const;
    expect(did(play([0, running], [900, running]))).toEqual([]);
    expect(did(play([0, running], [2500, running]))).toEqual(["stop web-cold-1"]);
  });

  test("that served for a short while only haven't used up a try", () => {
    const one = { "web-1": "ill", "web-2": "well", "web-cold-1": "off" } as const;
    const fine = { "web-1": "well", "web-2": "well", "web-cold-1": "well" } as const;
    let [state, overlay]: [State, Decision["overlay"]] = [freshState, {}];
    for (let round = 0; round < 10; round++) {
      const at = round * 10_000;
      const scenes = [
        [0, one],
        [1000, one],
        // The active node is back first, so the standby is sent home before it has been well for `calm`.
        [1500, { ...fine, "web-cold-1": "new" }],
        [3000, fine],
        [3600, fine],
        [5000, { ...fine, "web-cold-1": "new" }],
        [6500, { ...fine, "web-cold-1": "new" }],
      ] as const;
      const all: string[] = [];
      for (const [after, nodes] of scenes) {
        const decision = decide(state, see(nodes, { overlay }), timers, at + after);
        ({ state, overlay } = decision);
        all.push(...did(decision));
      }
      expect(all).toEqual(["start web-cold-1", "stop web-cold-1"]);
    }
  });

  test("are missed aloud, once, when there is none left", () => {
    const none = { "web-1": "ill", "web-2": "well" } as const;
    expect(told(play([0, none], [1000, none]))).toContain("short");
    expect(told(play([0, none], [1000, none], [2000, none]))).not.toContain("short");
    const fine = { "web-1": "well", "web-2": "well" } as const;
    expect(told(play([0, none], [1000, none], [2000, fine]))).toContain("covered");
  });
});

describe("repair", () => {
  const off = { ...well, "web-2": "off" } as const;
  const ill = { ...well, "web-2": "ill" } as const;

  test("starts a node that is off, after a moment", () => {
    expect(did(play([0, off], [1900, off]))).toEqual([]);
    expect(did(play([0, off], [2000, off]))).toEqual(["start web-2"]);
  });

  test("restarts one that runs and stays unhealthy, later", () => {
    expect(did(play([0, ill], [9900, ill]))).toEqual([]);
    expect(did(play([0, ill], [10_000, ill]))).toEqual(["restart web-2"]);
  });

  test("leaves one alone as long as it may take to start, from when it was switched on", () => {
    const slow = { ...timers, startup: { web: 30_000 } };
    const ill = { ...well, "web-2": "ill" } as const;
    const off = { ...well, "web-2": "off" } as const;
    const played = (...scenes: [at: number, nodes: Record<string, Look>][]) => {
      let decision = decide(freshState, see({}), slow, 0);
      for (const [at, nodes] of scenes) decision = decide(decision.state, see(nodes), slow, at);
      return did(decision);
    };
    expect(played([0, well], [1000, off], [2000, off], [3000, ill], [29_000, ill])).toEqual([]);
    expect(played([0, well], [1000, off], [2000, off], [3000, ill], [33_000, ill])).toEqual([
      "restart web-2",
    ]);
    // One that was healthy since its start has no such time left.
    expect(played([0, off], [1000, ill], [2000, well], [3000, ill], [14_000, ill])).toEqual([
      "restart web-2",
    ]);
  });

  test("never restarts when nobody of the pool is well: restarts cure no common cause", () => {
    const all = { "web-1": "ill", "web-2": "ill" } as const;
    expect(did(play([0, all], [60_000, all]))).toEqual([]);
  });

  test("restarts one at a time", () => {
    const two = { "web-1": "ill", "web-2": "ill", "web-3": "well" } as const;
    expect(did(play([0, two], [10_000, two]))).toEqual(["restart web-1"]);
  });

  test("leaves alone what somebody took out, and everything under a lease", () => {
    const out = { ...well, "web-2": "out" } as const;
    expect(did(play([0, out], [60_000, out]))).toEqual([]);
    expect(did(play([0, off, { lease: "up" }], [60_000, off, { lease: "up" }]))).toEqual([]);
  });

  test("waits longer after each try, gives up aloud, and begins again after ten minutes", () => {
    let state = freshState;
    const starts: number[] = [];
    const gaveUp: number[] = [];
    for (let now = 0; now < 700_000; now += 500) {
      const decision = decide(state, see(off), timers, now);
      state = decision.state;
      if (decision.actions.some(({ node }) => node === "web-2")) starts.push(now);
      if (decision.events.some(({ event }) => event === "give-up")) gaveUp.push(now);
    }
    expect(starts.slice(0, 4)).toEqual([2000, 3000, 5000, 605_000]);
    expect(gaveUp[0]).toBe(5000);
  });
});

describe("the overlay", () => {
  test("has who serves in place of somebody, and nobody who is gone", () => {
    const overlay = { "web-9": { role: "active" } } as const;
    const decision = decide(freshState, see({ ...well, "web-2": "out" }, { overlay }), timers, 0);
    expect(decision.overlay).toEqual({ "web-hot-1": { role: "active", reason: "web-2: taken out" } });
  });

  test("is written only when it says something else", () => {
    expect(sameOverlay({ a: { role: "active" } }, { a: { role: "active" } })).toBe(true);
    expect(sameOverlay({ a: { role: "active" } }, {})).toBe(false);
    expect(sameOverlay({ a: { role: "active", reason: "b" } }, { a: { role: "active" } })).toBe(false);
  });

  test("no more than limit serve; a lost one makes room for a well one", () => {
    const scene = { "web-1": "ill", "web-2": "ill", "web-hot-1": "well", "web-hot-2": "well" } as const;
    const one = { ...timers, limit: 1 };
    const first = decide(freshState, see(scene), one, 0);
    expect(active(first)).toEqual(["web-hot-1"]);
    const next = decide(
      first.state,
      see({ ...scene, "web-hot-1": "ill" }, { overlay: first.overlay }),
      one,
      50,
    );
    expect(active(next)).toEqual(["web-hot-2"]);
  });
});

test("a pool that is called like what every object has is covered and repaired like any other", () => {
  const under = (pool: string, scenes: readonly [number, Record<string, Look>][]) => {
    let decision = decide(freshState, see({}), timers, 0);
    return scenes.map(([at, nodes]) => {
      const seen = see(nodes, { overlay: decision.overlay });
      const { web = [] } = seen.pools;
      decision = decide(decision.state, { ...seen, pools: { [pool]: web } }, timers, at);
      const { overlay, actions, events, state } = decision;
      return {
        overlay,
        actions: actions.map(({ kind, node }) => `${kind} ${node}`),
        events: events.map(({ event, node }) => [event, node]),
        memory: state.pools[pool],
      };
    });
  };
  const scenes: [number, Record<string, Look>][] = [
    [100, { ...well }],
    [200, { ...well, "web-1": "lost", "web-2": "lost" }],
    [1300, { ...well, "web-1": "lost", "web-2": "lost" }],
    [5000, { ...well, "web-1": "ill", "web-2": "off" }],
    [9000, { ...well }],
  ];
  expect(under("constructor", scenes)).toEqual(under("web", scenes));
});

describe("a node that is just starting", () => {
  const born = { "web-1": "born", "web-2": "well", "web-hot-1": "well" } as const;
  test("needs no standby while it may still start, and one as soon as it should have been there", () => {
    expect(active(play([0, born], [4900, born]))).toEqual([]);
    expect(active(play([0, born], [4900, born], [5100, born]))).toEqual(["web-hot-1"]);
  });

  test.each([{ power: null }, { power: { "web-1": "off" } }, { power: { "web-1": "paused" } }] as const)(
    "is covered for at once where it isn't known to run: %j",
    (more) => expect(active(play([0, born, more]))).toEqual(["web-hot-1"]),
  );

  test("was well once: then it is lost like any other", () => {
    expect(active(play([0, { ...born, "web-1": "ill" }]))).toEqual(["web-hot-1"]);
  });
});

describe("maintenance", () => {
  const well = { "web-1": "well" } as const;
  test("is an event when it begins and when it ends, told by who leads alone, and changes nothing else", () => {
    const on = { maintenance: "mia (the fair)" };
    const begun = play([0, well], [100, well, on]);
    expect(begun.events).toEqual([
      { event: "maintenance", why: "clients are answered 503: maintenance by mia (the fair)" },
    ]);
    expect(told(play([0, well], [100, well, on], [200, well, on]))).toEqual([]);
    expect(play([0, well, on], [100, well]).events).toEqual([
      { event: "maintenance", why: "clients are served again" },
    ]);
    expect(told(play([0, well, { leader: false }], [100, well, { leader: false, ...on }]))).toEqual([]);
    const lost = { "web-1": "lost", "web-hot-1": "well" } as const;
    expect(active(play([0, lost, on]))).toEqual(["web-hot-1"]);
  });
});
