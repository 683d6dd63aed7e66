import { expect, test, vi } from "vitest";
import { Follower } from "../../../../../infra/runtime/follower/follower.ts";
import type { Observed } from "../../../../../infra/runtime/follower/groups.ts";
import type { MembersDocument } from "../../../../../infra/runtime/follower/members.ts";
import { Trouble } from "../../../../../infra/runtime/follower/trouble.ts";
import type { Log } from "../../../../../infra/runtime/warden/log.ts";

/* The follower's rounds with nobody around: what it does when one of both sides fails. */

const pools = { web: { algorithm: {}, health: {}, port: 80, active: "web", hot: null } };
const observed = (...ids: number[]): Observed => ({
  groups: {
    web: {
      desired: ids.length,
      instances: ids.map((id) => ({ id: `i-${id}`, state: "InService", address: `10.0.0.${id}` })),
    },
  },
  unknown: null,
});

function setup(stored: MembersDocument | null = null) {
  const said: string[] = [];
  const delivered: string[][] = [];
  const log = { say: (event: string, why: string) => said.push(`${event}: ${why}`) } as unknown as Log;
  const looks: (Observed | Error | Promise<Observed>)[] = [];
  let refusal: Error | null = null;
  const follower = new Follower({
    pools,
    groups: {
      look: async () => {
        const next = looks.shift();
        if (next === undefined || next instanceof Error) throw next ?? new Error("not asked");
        return next;
      },
    },
    balancer: {
      stored: () => stored,
      deliver: async ({ pools: { web } }) => {
        if (refusal !== null) throw refusal;
        delivered.push((web?.members ?? []).map(({ key }) => key));
        return true;
      },
    },
    log,
    trouble: new Trouble(log),
  });
  return { follower, looks, said, delivered, refuse: (error: Error | null) => (refusal = error) };
}

test("while AWS fails the last document stays, and that is said once, as is its end", async () => {
  const { follower, looks, said, delivered } = setup();
  looks.push(observed(1, 2), new Error("Rate exceeded"), new Error("Rate exceeded"), observed(1));
  expect([await follower.round(0), await follower.round(2000)]).toEqual([true, false]);
  expect([await follower.round(4000), await follower.round(9000)]).toEqual([false, true]);
  expect(delivered).toEqual([["i-1", "i-2"], ["i-1", "i-2"], ["i-1", "i-2"], ["i-1"]]);
  expect(said.filter((line) => line.includes("the groups can't be seen"))).toEqual([
    "trouble: the groups can't be seen: Rate exceeded",
    "over: no longer: the groups can't be seen",
  ]);
});

test("without any answer there is no document: a balancer doesn't begin with pools of nobody", async () => {
  const { follower, looks, delivered } = setup();
  looks.push(new Error("no credentials"), { ...observed(), unknown: new Error("no addresses") }, observed(1));
  await follower.round(0);
  await follower.round(1);
  expect(delivered).toEqual([]);
  await follower.round(2);
  expect(delivered).toEqual([["i-1"]]);
});

test("who goes goes, also while the addresses of new ones aren't told", async () => {
  const { follower, looks, delivered, said } = setup();
  const untold = { id: "i-9", state: "InService", address: null };
  const groups = { web: { desired: 2, instances: [...(observed(2).groups.web?.instances ?? []), untold] } };
  looks.push(observed(1, 2), { groups, unknown: new Error("503") });
  await follower.round(0);
  await follower.round(1);
  expect(delivered.at(-1)).toEqual(["i-2"]);
  expect(said).toContain("trouble: new instances have no address: 503");
});

test("a document that the balancer refused is brought again", async () => {
  const { follower, looks, delivered, refuse, said } = setup();
  looks.push(observed(1), observed(1));
  refuse(new Error("PUT /members: 500"));
  // AWS has nothing to do with it, so the pace stays.
  expect(await follower.round(0)).toBe(true);
  refuse(null);
  await follower.round(1);
  expect(delivered).toEqual([["i-1"]]);
  expect(said.filter((line) => line.startsWith("trouble"))).toHaveLength(1);
});

test("after its own start it knows what it had brought before", async () => {
  const member = { key: "i-1", address: "10.0.0.1", port: 80, weight: 1, role: "active" } as const;
  const web = { algorithm: {}, health: {}, members: [member] };
  const { follower, looks, delivered } = setup({ schema: 1, revision: "a", pools: { web } });
  looks.push({ groups: {}, unknown: null });
  await follower.round(0);
  expect(delivered).toEqual([["i-1"]]);
});

test("an answer that comes late is no answer", async () => {
  vi.useFakeTimers();
  try {
    const { follower, looks, delivered, said } = setup();
    let answer: (late: Observed) => void = () => {};
    looks.push(observed(1), new Promise((resolve) => (answer = resolve)), observed(1));
    await follower.round(0);
    const round = follower.round(2000);
    await vi.advanceTimersByTimeAsync(6000);
    expect(await round).toBe(false);
    answer(observed(7));
    await follower.round(9000);
    expect(delivered).toEqual([["i-1"], ["i-1"], ["i-1"]]);
    expect(said).toContain("trouble: the groups can't be seen: no answer within 6 s");
  } finally {
    vi.useRealTimers();
  }
});
