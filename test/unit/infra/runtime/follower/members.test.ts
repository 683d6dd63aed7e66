import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type FollowedPool,
  type MembersDocument,
  membersDocument,
  type SeenGroup,
  type SeenInstance,
} from "../../../../../infra/runtime/follower/members.ts";

const pool: FollowedPool = {
  algorithm: { kind: "round-robin" },
  health: { path: "/readyz" },
  port: 8080,
  active: "shop-web",
  hot: "shop-web-hot",
};
const instance = (id: number, state = "InService"): SeenInstance => ({
  id: `i-${id}`,
  state,
  address: `10.0.0.${id}`,
});
const group = (desired: number, ...instances: SeenInstance[]): SeenGroup => ({ desired, instances });
const seen = (active: SeenGroup, hot = group(0)) => ({ "shop-web": active, "shop-web-hot": hot });
const follow = (groups: Record<string, SeenGroup>, before: MembersDocument | null = null) =>
  membersDocument({ web: pool }, groups, before);
const roles = (document: MembersDocument | null) =>
  Object.fromEntries((document?.pools.web?.members ?? []).map(({ key, role }) => [key, role]));

/** Every lifecycle state but the one of who serves (EC2 Auto Scaling API reference, LifecycleState). */
const others = [
  "Pending",
  "Pending:Wait",
  "Pending:Proceed",
  "Quarantined",
  "Terminating",
  "Terminating:Wait",
  "Terminating:Proceed",
  "Terminated",
  "Detaching",
  "Detached",
  "EnteringStandby",
  "Standby",
  "Warmed:Pending",
  "Warmed:Pending:Wait",
  "Warmed:Running",
  "Warmed:Stopped",
  "Warmed:Hibernated",
];

describe("who serves", () => {
  test("is who is in service, as the balancers' documents write it", () => {
    expect(follow(seen(group(2, instance(2), instance(1)), group(1, instance(3))))).toEqual({
      schema: 1,
      revision: expect.stringMatching(/^[0-9a-f]{16}$/),
      pools: {
        web: {
          algorithm: { kind: "round-robin" },
          health: { path: "/readyz" },
          members: [
            { key: "i-1", address: "10.0.0.1", port: 8080, weight: 1, role: "active" },
            { key: "i-2", address: "10.0.0.2", port: 8080, weight: 1, role: "active" },
            { key: "i-3", address: "10.0.0.3", port: 8080, weight: 1, role: "hot" },
          ],
        },
      },
    });
  });

  test.each(others)("is nobody who is %s", (state) => {
    expect(roles(follow(seen(group(1, instance(1), instance(2, state)))))).toEqual({ "i-1": "active" });
  });

  test("changes the revision exactly when it changes", () => {
    const first = follow(seen(group(2, instance(1), instance(2))));
    expect(follow(seen(group(2, instance(2), instance(1))), first)).toEqual(first);
    const less = follow(seen(group(2, instance(1), instance(2, "Terminating:Wait"))), first);
    expect(less?.revision).not.toBe(first?.revision);
  });

  test("keeps its address where the platform doesn't tell it again, and is none before it has", () => {
    const first = follow(seen(group(2, instance(1), instance(2))));
    const untold = seen(group(2, { ...instance(1), address: null }, instance(2)));
    expect(follow(untold, first)).toEqual(first);
    expect(roles(follow(untold))).toEqual({ "i-2": "active" });
  });
});

describe("hot standbys", () => {
  test("serve along for as many active nodes as are missing", () => {
    const hot = group(2, instance(8), instance(9));
    const lost = seen(group(3, instance(1), instance(2), instance(3, "Terminating")), hot);
    expect(roles(follow(lost))).toEqual({ "i-1": "active", "i-2": "active", "i-8": "active", "i-9": "hot" });
    const all = seen(group(3, instance(1), instance(2), instance(4)), hot);
    expect(roles(follow(all))).toMatchObject({ "i-8": "hot", "i-9": "hot" });
  });

  test("that serve go on while they are needed, whoever else comes", () => {
    const serving = follow(seen(group(1), group(1, instance(9))));
    const more = follow(seen(group(1), group(2, instance(8), instance(9))), serving);
    expect(roles(more)).toEqual({ "i-8": "hot", "i-9": "active" });
  });

  test("all serve when no active node is left", () => {
    expect(roles(follow(seen(group(3), group(1, instance(9)))))).toEqual({ "i-9": "active" });
  });
});

describe("what the platform doesn't tell", () => {
  const first = follow(seen(group(1, instance(1)), group(1, instance(2))));

  test("leaves a pool as it was: no group of active nodes, or nobody at all", () => {
    expect(follow({ "shop-web-hot": group(1, instance(2)) }, first)).toEqual(first);
    expect(follow(seen(group(1), group(1)), first)).toEqual(first);
  });

  test("is no standby: the nodes serve before their group of standbys is there, and after it", () => {
    expect(roles(follow({ "shop-web": group(1, instance(5)) }))).toEqual({ "i-5": "active" });
    expect(roles(follow({ "shop-web": group(1, instance(5)) }, first))).toEqual({ "i-5": "active" });
  });

  test("is a pool of nobody at first, beside others that have somebody", () => {
    expect(follow({}).pools.web?.members).toEqual([]);
    const both = { api: { ...pool, active: "shop-api", hot: null }, web: pool };
    const start = membersDocument(both, seen(group(1, instance(1))), null);
    expect(start.pools.api?.members).toEqual([]);
    expect(roles(start)).toEqual({ "i-1": "active" });
  });

  test("of one pool leaves the others their changes", () => {
    const both = { api: { ...pool, active: "shop-api", hot: null }, web: pool };
    const start = membersDocument(
      both,
      { ...seen(group(1, instance(1))), "shop-api": group(1, instance(2)) },
      null,
    );
    const next = membersDocument(both, seen(group(1, instance(3))), start);
    expect(next?.pools.api).toEqual(start?.pools.api);
    expect(roles(next)).toEqual({ "i-3": "active" });
  });
});

test("whatever the groups say: each member is in service, none twice, and as many serve as there can", () => {
  const state = fc.constantFrom("InService", ...others);
  const instances = fc.uniqueArray(fc.integer({ min: 1, max: 250 }), { maxLength: 12 });
  const pick = fc.tuple(instances, fc.array(state, { minLength: 12, maxLength: 12 }), fc.nat(12), fc.nat(8));
  fc.assert(
    fc.property(pick, ([ids, states, split, desired]) => {
      const all = ids.map((id, index) => instance(id, states[index]));
      const [active, hot] = [all.slice(0, split), all.slice(split)];
      const serving = (of: SeenInstance[]) => of.filter((one) => one.state === "InService");
      const document = follow(seen(group(desired, ...active), group(hot.length, ...hot)));
      const keys = Object.keys(roles(document));
      expect(keys.sort()).toEqual(
        serving(all)
          .map(({ id }) => id)
          .sort(),
      );
      const expected = Math.max(
        serving(active).length,
        Math.min(desired, serving(active).length + serving(hot).length),
      );
      expect(Object.values(roles(document)).filter((role) => role === "active")).toHaveLength(expected);
    }),
  );
});

test("a pool that is called like what every object has is followed like any other", () => {
  const before = follow({ "shop-web": group(1, instance(1)) });
  const document = membersDocument(
    { constructor: { ...pool, active: "constructor", hot: "constructor" } },
    {},
    before,
  );
  expect(document.pools.constructor).toMatchObject({ members: [] });
});
