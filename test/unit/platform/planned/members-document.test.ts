import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Member,
  type MembersDocument,
  membersDocument,
  parseMembers,
} from "../../../../components/model/members-document.ts";
import {
  newcomers,
  replacedPools,
  rolloutSteps,
  withoutNewcomers,
} from "../../../../components/platform/planned/members-document.ts";
import { renderMembers } from "../../../../components/render/members.ts";
import { planAny } from "../../../support/plan-any.ts";
import { arbitraryStack } from "../../../support/specs.ts";
import { checkOf, document, member, members, pool } from "./members.ts";

const keys = (list: readonly Member[]) => list.map(({ key }) => key);
const isNew = ({ key }: Member) => key.endsWith("-new");
const total = (list: readonly Member[]) => list.reduce((sum, { weight }) => sum + weight, 0);

const membersIn = (state: MembersDocument | undefined, name = "web") => state?.pools[name]?.members ?? [];

/** Share of the requests that go to new members, for algorithms that look at weights. */
function shareOfNew(state: MembersDocument | undefined): number {
  const serving = membersIn(state).filter(({ role }) => role === "active");
  return total(serving.filter(isNew)) / total(serving);
}

const steps = (current: MembersDocument, desired: MembersDocument) =>
  rolloutSteps(current, desired, {}).map((step) => step.document);

describe("newcomers", () => {
  test("are active and hot members at addresses where nobody was; cold ones are switched off and can't be asked", () => {
    const current = document(pool([member(1), member(2)]));
    const desired = document(
      pool([
        member(1),
        member(2, 1),
        member(3, 0, { key: "web-hot-1", role: "hot" }),
        member(4, 0, { key: "web-cold-1", role: "cold" }),
      ]),
    );
    expect(newcomers(current, desired).map(({ address }) => address)).toEqual(["10.0.1.2", "10.0.0.3"]);
  });

  test("are all members of a pool that is new", () => {
    const current = document({ web: pool(members(1)) });
    const desired = document({ web: pool(members(1)), api: pool(members(2, 3)) });
    expect(newcomers(current, desired).map(({ address }) => address)).toEqual(["10.0.3.1", "10.0.3.2"]);
  });

  test("are none where only weights, roles or checks change", () => {
    const desired = document(
      pool(members(2, 0, { weight: 9, role: "hot" }), {
        health: checkOf("/other"),
        algorithm: { kind: "ip-hash" },
      }),
    );
    expect(newcomers(document(pool(members(2))), desired)).toEqual([]);
  });
});

describe("a pool is replaced", () => {
  test.each([
    ["when all its active members give way", members(2), members(2, 1), true],
    ["when one of them does", members(2), [member(1), member(2, 1)], true],
    ["when they give way and become fewer", members(3), members(1, 1), true],
    ["not by more members", members(2), members(3), false],
    ["not by fewer members", members(3), members(2), false],
    ["not by other weights", members(2), members(2, 0, { weight: 5 }), false],
    [
      "not by another hot standby",
      [member(1), member(2, 0, { role: "hot" })],
      [member(1), member(2, 1, { role: "hot" })],
      false,
    ],
    [
      "not when a hot standby takes an active one's place",
      [member(1), member(2, 0, { role: "hot" })],
      [member(2)],
      false,
    ],
  ])("%s", (_, old, next, replaced) => {
    const [current, desired] = [document(pool(old)), document(pool(next), "def")];
    expect(replacedPools(current, desired)).toEqual(replaced ? ["web"] : []);
    expect(steps(current, desired)).toHaveLength(replaced ? 2 : 0);
  });

  test("not when it comes or goes as a whole", () => {
    const [one, two] = [
      document({ web: pool(members(1)) }),
      document({ web: pool(members(1)), api: pool(members(1, 2)) }),
    ];
    expect([replacedPools(one, two), replacedPools(two, one)]).toEqual([[], []]);
  });
});

describe("the steps of a roll-out", () => {
  test("give three new nodes 5 % and then 30 %, beside the three old ones", () => {
    // The old have 1000 each; 3000 × 5/95 = 158 and 3000 × 30/70 = 1286 are for the new. The first takes what rounding leaves.
    const [first, second] = steps(document(pool(members(3))), document(pool(members(3, 1)), "def"));
    const rows = (state: MembersDocument | undefined) =>
      membersIn(state).map(({ key, address, weight }) => [key, address, weight]);
    const old = members(3).map(({ key, address }) => [key, address, 1000]);
    expect(rows(first)).toEqual([
      ...old,
      ["web-1-new", "10.0.1.1", 52],
      ["web-2-new", "10.0.1.2", 53],
      ["web-3-new", "10.0.1.3", 53],
    ]);
    expect(rows(second)).toEqual([
      ...old,
      ["web-1-new", "10.0.1.1", 428],
      ["web-2-new", "10.0.1.2", 429],
      ["web-3-new", "10.0.1.3", 429],
    ]);
  });

  const weights = (maximum: number, length: number) =>
    fc.array(fc.integer({ min: 1, max: maximum }), { minLength: 1, maxLength: length });
  const of = (list: readonly number[], quarter: number) =>
    list.map((weight, index) => member(index + 1, quarter, { weight }));

  test.each([
    ["up to 20 nodes of any weights", weights(1000, 20)],
    ["up to 250 nodes of like weights", weights(3, 250)],
  ])("keep to their shares within one percentage point: %s", (_, list) => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const [first, second] = steps(document(pool(of(before, 0))), document(pool(of(after, 1)), "def"));
        expect(Math.abs(shareOfNew(first) - 0.05)).toBeLessThan(0.01);
        expect(Math.abs(shareOfNew(second) - 0.3)).toBeLessThan(0.01);
      }),
      { numRuns: 1000 },
    );
  });

  test("keep the proportions of old and of new members, as far as whole numbers can", () => {
    const [first] = steps(document(pool(of([3, 1], 0))), document(pool(of([1, 4], 1)), "def"));
    // 1000 and 333 for the old; 1333 × 5/95 = 70 for the new, 14 : 56.
    expect(membersIn(first).map(({ weight }) => weight)).toEqual([1000, 333, 14, 56]);
  });

  test.each(["round-robin", "ip-hash"] as const)(
    "let one new member in and then all under %s, which has no weights",
    (kind) => {
      const algorithm = { kind };
      const [first, second] = steps(
        document(pool(members(3), { algorithm })),
        document(pool(members(3, 1), { algorithm }), "def"),
      );
      const old = ["web-1", "web-2", "web-3"];
      expect(keys(membersIn(first))).toEqual([...old, "web-1-new"]);
      expect(keys(membersIn(second))).toEqual([...old, "web-1-new", "web-2-new", "web-3-new"]);
      expect(membersIn(second).map(({ weight }) => weight)).toEqual([1, 1, 1, 1, 1, 1]);
    },
  );

  test("leave standbys and other pools as they are", () => {
    const standbys = [
      member(8, 0, { key: "web-hot-1", role: "hot", weight: 4 }),
      member(9, 0, { key: "web-cold-1", role: "cold" }),
    ];
    const next = [...members(2, 1), member(8, 1, { key: "web-hot-1", role: "hot", weight: 4 })];
    const api = pool(members(2, 3, { weight: 6 }));
    const current = document({ web: pool([...members(2), ...standbys]), api });
    for (const state of steps(current, document({ web: pool(next), api }, "def"))) {
      expect(membersIn(state).filter(({ role }) => role !== "active")).toEqual(standbys);
      expect(state.pools.api).toEqual(api);
    }
  });

  test("take the checks that they are given, and the old ones without", () => {
    const [current, desired] = [document(pool(members(1))), document(pool(members(1, 1)), "def")];
    const health = checkOf("/both");
    expect(rolloutSteps(current, desired, { web: health })[0]?.document.pools.web?.health).toEqual(health);
    expect(steps(current, desired)[0]?.pools.web?.health).toEqual(current.pools.web?.health);
  });

  test("have revisions of their own, in the digits that a balancer takes", () => {
    const made = steps(document(pool(members(1))), document(pool(members(1, 1)), "def"));
    expect(made.map(({ revision }) => revision)).toEqual(["def1", "def2"]);
  });

  test("say which share they give", () => {
    const made = rolloutSteps(document(pool(members(1))), document(pool(members(1, 1)), "def"), {});
    expect(made.map(({ share }) => share)).toEqual([0.05, 0.3]);
  });
});

test("between any two documents every step is one that a balancer takes", () => {
  const rendered = (generation: number) =>
    arbitraryStack().map((stack) => {
      const made = planAny(stack);
      // The same pools in the other's network would meet; another generation of theirs doesn't.
      const nodes = made.nodes.map((node) => ({
        ...node,
        address: node.address.replace(/^\d+/, String(generation)),
      }));
      return parseMembers(renderMembers({ ...made, nodes }));
    });
  fc.assert(
    fc.property(rendered(10), rendered(11), (before, after) => {
      const names = Object.keys(before.pools);
      // Under the first one's names, so that as many pools as possible are in both.
      const pools = Object.fromEntries(
        Object.values(after.pools).map((value, index) => [names[index] ?? `other-${index}`, value]),
      );
      for (const { document: state } of rolloutSteps(before, { ...after, pools }, {})) {
        expect(membersDocument.parse(state)).toEqual(state);
        expect(state.schema).toBe(1);
        expect(state.revision).toMatch(/^[0-9a-f]+$/);
        for (const { members: list } of Object.values(state.pools)) {
          expect(new Set(keys(list)).size).toBe(list.length);
          for (const { key, weight } of list) {
            expect(key).toMatch(/^[a-z0-9][a-z0-9-]*$/);
            expect(Number.isInteger(weight) && weight >= 1 && weight <= 1000).toBe(true);
          }
        }
      }
    }),
    { numRuns: 200 },
  );
});

describe("a roll-out that was cut off", () => {
  const [current, desired] = [document(pool(members(3))), document(pool(members(3, 1)), "def")];

  test("leaves newcomers that count for nothing: the next one begins with them again", () => {
    for (const state of steps(current, desired)) {
      const begun = withoutNewcomers(state);
      expect(keys(membersIn(begun))).toEqual(["web-1", "web-2", "web-3"]);
      expect(newcomers(begun, desired)).toHaveLength(3);
      expect(steps(begun, desired).map(membersIn as never)).toEqual(
        steps(current, desired).map(membersIn as never),
      );
    }
  });

  test("means nothing to a document without any", () => {
    expect(withoutNewcomers(desired)).toEqual(desired);
  });
});

test("what is rendered is read as it stands", () => {
  const text = renderMembers(
    planAny({
      pools: { web: { active: 2 } },
      name: "demo",
      environment: "development",
      platform: { kind: "docker" },
    } as never),
  );
  expect(parseMembers(text)).toEqual(JSON.parse(text));
  expect(() => parseMembers('{"pools":{}}')).toThrow(/revision/);
});
