import { describe, expect, it } from "vitest";
import { check } from "../../../../scripts/drill/check.ts";
import { lostMembers } from "../../../../scripts/drill/lost-members.ts";
import type { MemberSample } from "../../../../scripts/drill/types.ts";
import { context, operation, recording, strike } from "./support.ts";

/** What lb-1 thought of a member, a sample each 100 ms: `+` in rotation, `-` out of it, `d` doubted, `l` lost by a request. */
const samples = (key: string, thought: string, balancer = "lb-1"): MemberSample[] =>
  [...thought].map((sign, index) => ({
    balancer,
    key,
    at: index * 100,
    inRotation: sign === "+",
    mark: sign === "d" ? "doubted" : sign === "l" ? "lost" : null,
    lastChange: null,
  }));

const lost = (...members: MemberSample[][]) => lostMembers({ members: members.flat(), strikes: [strike()] });

describe("nodes taken for lost", () => {
  it("are counted each time that they leave the rotation", () => {
    expect(lost(samples("web-1", "++-++l+"))).toBe(2);
    expect(lost(samples("web-1", "++-+"), samples("web-3", "+--+"))).toBe(2);
  });

  it("are none that were never in it, that stay out or that are merely doubted", () => {
    expect(lost(samples("web-hot-1", "----"))).toBe(0);
    expect(lost(samples("web-1", "+++---"))).toBe(1);
    expect(lost(samples("web-1", "++dd++d-"))).toBe(1);
  });

  it("are none that something was done to, from then on", () => {
    // web-2 is hit after 1000 ms.
    expect(lost(samples("web-2", "++++++++++++--"))).toBe(0);
    expect(lost(samples("web-2", "++-+++++++++--"))).toBe(1);
  });

  it("are counted for each balancer by itself", () => {
    expect(lost(samples("web-1", "+-+-+"), samples("web-1", "+-+++", "lb-2"))).toBe(2);
  });
});

it("a client's own failures and slow connections are figures of their own", () => {
  const asked = { answers: [operation({ id: "a" }), operation({ id: "b", outcome: "502" })], dripping: 1800 };
  const { measures } = check(recording({ operations: [operation({ id: "c" })], asked }), context);
  expect(measures).toMatchObject({ "asked.failed": 1, dripping: 1800, "lost.all": 0 });
});
