import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { MembersDocument } from "../../../../components/model/members-document.ts";
import type {
  BalancerControl,
  BalancerCounts,
} from "../../../../components/platform/planned/balancer-control.ts";
import type { AskStory, RolloutPace } from "../../../../components/platform/planned/pace.ts";
import { drained, judge, judgeSilence, rollOut } from "../../../../components/platform/planned/rollout.ts";
import { checkOf, document, members, pool } from "./members.ts";

/*
 * The roll-out against balancers that are none: they keep what they are told, and count what the test says. Time is the test's.
 */

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const pace = { patience: 3000, step: 1000, drain: 2000 };

interface Behaviour {
  /** What comes of asking a URL; null for 2xx. */
  readonly probe?: (url: string) => string | null;
  /** Requests that a member gets with each look at the counts, and how many of them fail. */
  readonly traffic?: (key: string) => { requests: number; errors: number };
  /** Requests under way at members that have left, look by look. */
  readonly draining?: readonly Record<string, number>[];
}

/** What a roll-out needs of a balancer. */
class FakeBalancer implements Pick<BalancerControl, "members" | "putMembers" | "counts" | "probe"> {
  readonly put: MembersDocument[] = [];
  readonly probed: string[] = [];
  readonly #behaviour: Behaviour;
  readonly #counted = new Map<string, { key: string; requests: number; errors: number }>();
  #serving: MembersDocument | null;
  #looks = 0;

  constructor(serving: MembersDocument | null, behaviour: Behaviour = {}) {
    this.#serving = serving;
    this.#behaviour = behaviour;
  }

  async members(): Promise<MembersDocument | null> {
    return this.#serving;
  }

  async putMembers(next: MembersDocument): Promise<void> {
    this.put.push(next);
    this.#serving = next;
  }

  async counts(): Promise<BalancerCounts | null> {
    if (this.#serving === null) return null;
    const { traffic = () => ({ requests: 10, errors: 0 }), draining = [{}] } = this.#behaviour;
    const pools = Object.entries(this.#serving.pools).map(([name, { members: list }]) => [
      name,
      { members: list.map(({ key }) => this.#count(key, traffic(key))) },
    ]);
    const left = draining[Math.min(this.#looks++, draining.length - 1)] ?? {};
    return { pools: Object.fromEntries(pools), draining: left };
  }

  async probe(url: string): Promise<string | null> {
    this.probed.push(url);
    return this.#behaviour.probe?.(url) ?? null;
  }

  #count(key: string, { requests, errors }: { requests: number; errors: number }) {
    const before = this.#counted.get(key) ?? { key, requests: 0, errors: 0 };
    const now = { key, requests: before.requests + requests, errors: before.errors + errors };
    this.#counted.set(key, now);
    return now;
  }
}

const control = (fake: FakeBalancer) => fake as unknown as BalancerControl;

/** Rolls out with the first of these balancers as the one that the files are for; the error's words, or null. */
async function attempt(
  balancers: readonly FakeBalancer[],
  desired: MembersDocument,
  chosen: RolloutPace = pace,
  story: AskStory = async () => null,
  tell?: (text: string) => void,
): Promise<string | null> {
  const [here] = balancers;
  if (here === undefined) throw new Error("a roll-out needs a balancer");
  const outcome = rollOut(control(here), balancers.map(control), desired, chosen, { story, tell }).then(
    () => null,
    (error: Error) => error.message,
  );
  await vi.runAllTimersAsync();
  return outcome;
}

const old = document(pool(members(2)), "aaa");
const next = document(pool(members(2, 1)), "bbb");
const revisions = ({ put }: FakeBalancer) => put.map(({ revision }) => revision);

describe("a roll-out that goes well", () => {
  test("takes every balancer through both steps and leaves the last one to the delivery", async () => {
    const balancers = [new FakeBalancer(old), new FakeBalancer(old)];
    expect(await attempt(balancers, next)).toBeNull();
    expect(balancers.map(revisions)).toEqual([
      ["bbb1", "bbb2"],
      ["bbb1", "bbb2"],
    ]);
  });

  test("tells how far it is: who passes the gate, what another is answered, and each step of the ramp", async () => {
    const told: string[] = [];
    let looks = 0;
    const here = new FakeBalancer(old, {
      probe: (url) => (url.includes("10.0.1.2") && looks++ < 3 ? "HTTP 503" : null),
    });
    expect(await attempt([here], next, pace, undefined, (text) => void told.push(text))).toBeNull();
    expect(told.filter((text) => text.startsWith("gate"))).toEqual([
      "gate: 0 of 2 new nodes pass, web-2 is not healthy (HTTP 503)",
      "gate: 1 of 2 new nodes pass",
      "gate: 1 of 2 new nodes pass, web-2 is not healthy (HTTP 503)",
      "gate: 2 of 2 new nodes pass",
    ]);
    for (const share of [5, 30])
      expect(told).toContainEqual(
        expect.stringMatching(new RegExp(`^ramp, new nodes get ${share} %: \\d+ answers, 0 of them 5xx$`)),
      );
  });

  test("asks every new node before anything is changed, twice", async () => {
    const here = new FakeBalancer(old);
    let putBefore = -1;
    const asked = vi.spyOn(here, "probe").mockImplementation(async (url) => {
      here.probed.push(url);
      putBefore = here.put.length;
      return null;
    });
    await attempt([here], next);
    expect(asked).toHaveBeenCalledTimes(4);
    expect(putBefore).toBe(0);
    expect(here.probed.sort()).toEqual([
      "http://10.0.1.1:8080/readyz",
      "http://10.0.1.1:8080/readyz",
      "http://10.0.1.2:8080/readyz",
      "http://10.0.1.2:8080/readyz",
    ]);
  });

  test("watches each step for its time", async () => {
    const here = new FakeBalancer(old);
    const times: number[] = [];
    vi.spyOn(here, "putMembers").mockImplementation(async () => void times.push(Date.now()));
    const start = Date.now();
    await attempt([here], next);
    const [first = 0, second = 0] = times;
    expect(first - start).toBeGreaterThanOrEqual(200);
    expect(second - first).toBeGreaterThanOrEqual(pace.step);
    expect(Date.now() - second).toBeGreaterThanOrEqual(pace.step);
  });

  test("waits for a node that gets well in time", async () => {
    const start = Date.now();
    const here = new FakeBalancer(old, {
      probe: (url) => (url.includes("10.0.1.2") && Date.now() < start + 2000 ? "HTTP 503" : null),
    });
    expect(await attempt([here], next)).toBeNull();
    expect(revisions(here)).toEqual(["bbb1", "bbb2"]);
  });

  test("takes two passes in a row: a node that flaps is not well", async () => {
    let turn = 0;
    const here = new FakeBalancer(old, {
      probe: (url) => (url.includes("10.0.1.2") && turn++ % 2 === 1 ? "HTTP 503" : null),
    });
    expect(await attempt([here], next)).toMatch(/^web-2 does not pass its health check/);
  });

  test("gates plain additions and ramps none", async () => {
    const here = new FakeBalancer(old);
    expect(await attempt([here], document(pool(members(3)), "bbb"))).toBeNull();
    expect(here.probed).toEqual(["http://10.0.0.3:8080/readyz", "http://10.0.0.3:8080/readyz"]);
    expect(here.put).toEqual([]);
  });

  test("asks nobody when members go or change their weights", async () => {
    const here = new FakeBalancer(old);
    expect(await attempt([here], document(pool(members(1, 0, { weight: 9 })), "bbb"))).toBeNull();
    expect([here.probed, here.put]).toEqual([[], []]);
  });

  test("is none at all while one that may have the traffic doesn't say whom it has", async () => {
    const silent = new FakeBalancer(old);
    silent.members = async () => {
      throw new Error("a balancer doesn't say which members it has");
    };
    const balancers = [new FakeBalancer(old), silent];
    expect(await attempt(balancers, next)).toBe("a balancer doesn't say which members it has");
    expect(balancers.map(revisions)).toEqual([[], []]);
  });

  test("is none for a balancer that serves nobody yet", async () => {
    const here = new FakeBalancer(null);
    expect(await attempt([here], next)).toBeNull();
    expect([here.probed, here.put]).toEqual([[], []]);
  });

  test("leaves out a peer that was made and never got its files: the final document is its first", async () => {
    const [here, empty] = [new FakeBalancer(old), new FakeBalancer(null)];
    expect(await attempt([here, empty], next)).toBeNull();
    expect([here, empty].map(revisions)).toEqual([["bbb1", "bbb2"], []]);
  });

  test("goes on without traffic: what nobody asks for can't be judged", async () => {
    const here = new FakeBalancer(old, { traffic: () => ({ requests: 0, errors: 0 }) });
    expect(await attempt([here], next)).toBeNull();
  });
});

describe("a new node that doesn't get well", () => {
  test("is refused by name and reason after the pace's patience, and nothing was changed", async () => {
    const balancers = [
      new FakeBalancer(old, { probe: (url) => (url.includes("10.0.1.2") ? "HTTP 404" : null) }),
      new FakeBalancer(old),
    ];
    const start = Date.now();
    expect(await attempt(balancers, next)).toBe(
      [
        "web-2 does not pass its health check at http://10.0.1.2:8080/readyz within 3 s, the time of pools.web.health.startup in which a node has to start (HTTP 404); nothing was changed, the nodes that serve go on",
        "web-2: its check was answered HTTP 404; pools.web.health.path names what is asked",
      ].join("\n"),
    );
    expect(Date.now() - start).toBeGreaterThan(pace.patience);
    expect(balancers.map(({ put }) => put)).toEqual([[], []]);
  });

  test("is asked where its own pool says", async () => {
    const desired = document({
      web: pool(members(2)),
      api: pool(members(1, 3, { key: "api-1" }), { health: checkOf("/ok") }),
    });
    const here = new FakeBalancer(old, { probe: () => "connection refused" });
    expect(await attempt([here], desired)).toContain(
      "api-1 does not pass its health check at http://10.0.3.1:8080/ok within 3 s, the time of pools.api.health.startup in which a node has to start (connection refused)",
    );
  });

  const late = (url: string) => (url.includes("10.0.1.") && Date.now() < lateUntil ? "HTTP 503" : null);
  let lateUntil = 0;
  const pools = (startup: number) => ({ web: { startup, shownAs: "shop" } });

  test("has the time of its pool's startup", async () => {
    const slow = { ...pace, patience: 90_000, pools: pools(60_000) };
    lateUntil = Date.now() + 50_000;
    expect(await attempt([new FakeBalancer(old, { probe: late })], next, slow)).toBeNull();
    lateUntil = Date.now() + 70_000;
    expect(await attempt([new FakeBalancer(old, { probe: late })], next, slow)).toContain(
      "within 1 min, the time of pools.shop.health.startup in which",
    );
  });

  test("has no more than the patience of all of them", async () => {
    lateUntil = Date.now() + 70_000;
    const short = { ...pace, patience: 5_000, pools: pools(60_000) };
    expect(await attempt([new FakeBalancer(old, { probe: late })], next, short)).toContain(
      "within 5 s, the time of rollout.patience in which",
    );
  });

  test("is refused at once when it ends again and again, with its last words", async () => {
    lateUntil = Date.now() + 600_000;
    const start = Date.now();
    const slow = { ...pace, patience: 90_000, pools: pools(60_000) };
    const story = { running: false, exitCode: 3, outOfMemory: false, restarts: 6, lines: ["no database"] };
    const words = await attempt([new FakeBalancer(old, { probe: late })], next, slow, async () => story);
    expect(words).toMatch(
      /^web-\d does not pass its health check at \S+ \(HTTP 503\); nothing was changed, the nodes that serve go on\nweb-\d: ended with exit code 3, started again 6 times; its last lines:\n {4}no database$/,
    );
    expect(Date.now() - start).toBeLessThan(5_000);
  });
});

describe("a step that goes badly", () => {
  const failing = (key: string) => ({ requests: 10, errors: key.endsWith("-new") ? 5 : 0 });

  test("is taken back on all balancers, whichever of them saw it", async () => {
    const balancers = [new FakeBalancer(old), new FakeBalancer(old, { traffic: failing })];
    expect(await attempt(balancers, next)).toMatch(
      /^the new nodes answered \d+ of \d+ requests with 5xx \(the old ones 0 of \d+\); they are out again, the old ones serve$/,
    );
    for (const balancer of balancers) {
      expect(revisions(balancer)).toEqual(["bbb1", "aaa"]);
      expect(balancer.put.at(-1)).toEqual(old);
    }
  });

  test("is taken back at once, and not when its time is over", async () => {
    const here = new FakeBalancer(old, { traffic: failing });
    const start = Date.now();
    await attempt([here], next);
    // Two passes of the gate and one look.
    expect(Date.now() - start).toBeLessThan(400 + 250 + 1);
  });

  test("is taken back in the second step as well", async () => {
    const here: FakeBalancer = new FakeBalancer(old, {
      traffic: (key) => (here.put.length > 1 ? failing(key) : { requests: 10, errors: 0 }),
    });
    expect(await attempt([here], next)).toContain("they are out again");
    expect(revisions(here)).toEqual(["bbb1", "bbb2", "aaa"]);
  });

  test("is one in which the new nodes get nothing of plenty", async () => {
    const here = new FakeBalancer(old, {
      traffic: (key) => ({ requests: key.endsWith("-new") ? 0 : 100, errors: 0 }),
    });
    expect(await attempt([here], next)).toMatch(
      /^the new nodes got none of \d+ requests, so the balancers do not take them for well; they are out again, the old ones serve$/,
    );
    expect(revisions(here)).toEqual(["bbb1", "aaa"]);
  });

  test("is one that a balancer refuses", async () => {
    const [here, other] = [new FakeBalancer(old), new FakeBalancer(old)];
    vi.spyOn(other, "putMembers").mockRejectedValueOnce(new Error("a balancer refused its new members: why"));
    expect(await attempt([here, other], next)).toBe("a balancer refused its new members: why");
    expect([here.put.at(-1), other.put.at(-1)]).toEqual([old, old]);
  });
});

test("a roll-out that was cut off begins again: its newcomers are gated, ramped, and never restored", async () => {
  const cutOff = new FakeBalancer(old);
  await attempt([cutOff], next);
  const half = cutOff.put.at(-1) ?? old;
  expect(half.pools.web?.members).toHaveLength(4);
  const again = new FakeBalancer(half, {
    traffic: (key) => ({ requests: 10, errors: key.endsWith("-new") ? 9 : 0 }),
  });
  expect(await attempt([again], next)).toContain("they are out again");
  expect(again.probed).toHaveLength(4);
  expect(again.put.at(-1)?.pools.web?.members.map(({ key }) => key)).toEqual(["web-1", "web-2"]);
});

describe("the health check while old and new nodes serve side by side", () => {
  const [before, after] = [
    document(pool(members(2), { health: checkOf("/old") }), "aaa"),
    document(pool(members(2, 1), { health: checkOf("/new") }), "bbb"),
  ];
  const pathsPut = ({ put }: FakeBalancer) => put.map(({ pools }) => pools.web?.health.path);
  const answers = (old: readonly string[], fresh: readonly string[]) => (url: string) =>
    (url.includes("//10.0.0.") ? old : fresh).includes(new URL(url).pathname) ? null : "HTTP 404";

  test("is the new one where the old nodes answer there too", async () => {
    const here = new FakeBalancer(before, { probe: answers(["/old", "/new"], ["/new"]) });
    expect(await attempt([here], after)).toBeNull();
    expect(pathsPut(here)).toEqual(["/new", "/new"]);
  });

  test("is the old one where only the new nodes answer at both", async () => {
    const here = new FakeBalancer(before, { probe: answers(["/old"], ["/old", "/new"]) });
    expect(await attempt([here], after)).toBeNull();
    expect(pathsPut(here)).toEqual(["/old", "/old"]);
  });

  test("is none where neither answers at the other's: the change is refused before anything happens", async () => {
    const here = new FakeBalancer(before, { probe: answers(["/old"], ["/new"]) });
    expect(await attempt([here], after)).toBe(
      "pool web: the old nodes fail the new health check (/new) and the new ones the old (/old), so they can't serve side by side; let the release answer at both paths first, and change health.path afterwards",
    );
    expect(here.put).toEqual([]);
  });

  test("plays no part where no old node passes its own: the new ones go in once they pass theirs", async () => {
    const here = new FakeBalancer(before, { probe: answers([], ["/new"]) });
    expect(await attempt([here], after)).toBeNull();
    expect(here.put).toEqual([]);
  });

  test("is not decided by one old node that is down", async () => {
    const both = answers(["/old", "/new"], ["/new"]);
    const here = new FakeBalancer(before, {
      probe: (url) => (url.includes("//10.0.0.1:") ? "connection refused" : both(url)),
    });
    expect(await attempt([here], after)).toBeNull();
    expect(pathsPut(here)).toEqual(["/new", "/new"]);
  });
});

describe("the judgement of new nodes", () => {
  const of = (fresh: [number, number], before: [number, number]) => ({
    fresh: { requests: fresh[0], errors: fresh[1] },
    old: { requests: before[0], errors: before[1] },
  });

  test.each([
    ["fewer than 10 answers, all bad", of([9, 9], [100, 0])],
    ["5 in 100, the most that passes", of([100, 5], [100, 0])],
    ["twice the errors of the old ones", of([100, 40], [100, 20])],
    ["nothing to compare with", of([100, 5], [0, 0])],
    ["counters that began again", of([-50, -20], [-10, 0])],
  ])("has no complaint: %s", (_, tally) => {
    expect(judge(tally)).toBeNull();
  });

  test.each([
    ["6 in 100", of([100, 6], [100, 0]), "6 of 100 requests with 5xx (the old ones 0 of 100)"],
    [
      "10 answers, one of them bad",
      of([10, 1], [900, 0]),
      "1 of 10 requests with 5xx (the old ones 0 of 900)",
    ],
    [
      "more than twice those of the old",
      of([100, 41], [100, 20]),
      "41 of 100 requests with 5xx (the old ones 20 of 100)",
    ],
  ])("complains: %s", (_, tally, words) => {
    expect(judge(tally)).toBe(`the new nodes answered ${words}`);
  });

  test.each([
    ["some requests", of([1, 0], [10_000, 0]), null],
    ["none of 199", of([0, 0], [199, 0]), null],
    [
      "none of 200",
      of([0, 0], [200, 0]),
      "the new nodes got none of 200 requests, so the balancers do not take them for well",
    ],
  ])("of silence: %s", (_, tally, words) => {
    expect(judgeSilence(tally)).toBe(words);
  });
});

describe("draining", () => {
  const waited = async (fake: FakeBalancer) => {
    const start = Date.now();
    const done = drained(control(fake), pace).then(() => Date.now() - start);
    await vi.runAllTimersAsync();
    return done;
  };

  test("ends when nothing is under way at nodes that have left", async () => {
    const draining = [{ "10.0.0.1:8080": 2 }, { "10.0.0.1:8080": 1 }, {}];
    expect(await waited(new FakeBalancer(old, { draining }))).toBe(400);
  });

  test("gives up after the pace's time: a stream may last for ever", async () => {
    expect(await waited(new FakeBalancer(old, { draining: [{ "10.0.0.1:8080": 1 }] }))).toBe(pace.drain);
  });

  test("doesn't wait for a balancer that doesn't answer", async () => {
    expect(await waited(new FakeBalancer(null))).toBe(0);
  });
});
