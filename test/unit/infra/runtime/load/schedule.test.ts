import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dealer, dueAt, dueCount, mostRequests } from "../../../../../infra/runtime/load/schedule.ts";

describe("the schedule", () => {
  it("sends the first request at once and each further one when it is due", () => {
    expect(dueCount(0, 400, 60_000)).toBe(1);
    expect(dueCount(2.4, 400, 60_000)).toBe(1);
    expect(dueCount(2.5, 400, 60_000)).toBe(2);
    expect(dueCount(1000, 400, 60_000)).toBe(401);
    expect(dueCount(-1, 400, 60_000)).toBe(0);
    expect(dueAt(400, 400)).toBe(1000);
  });

  it("catches up all that became due while nobody could send", () => {
    expect(dueCount(2000, 600, 60_000) - dueCount(0, 600, 60_000)).toBe(1200);
  });

  it("ends after its time", () => {
    expect(mostRequests(400, 1000)).toBe(400);
    expect(dueCount(5000, 400, 1000)).toBe(400);
    expect(mostRequests(400, 0)).toBe(0);
  });

  it("never sends one before it is due, and none of those that are due is left", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 50_000, noNaN: true }),
        (rate, at) => {
          const count = dueCount(at, rate, 60_000);
          expect(dueAt(count - 1, rate)).toBeLessThanOrEqual(at + 1e-6);
          expect(dueAt(count, rate)).toBeGreaterThan(at - 1e-6);
        },
      ),
    );
  });
});

describe("the mix", () => {
  it("is exact over each turn and interleaved within it", () => {
    const deal = dealer([3, 2, 2, 1, 2]);
    const turn = Array.from({ length: 10 }, deal);
    expect([0, 1, 2, 3, 4].map((index) => turn.filter((dealt) => dealt === index).length)).toEqual([
      3, 2, 2, 1, 2,
    ]);
    expect(turn.slice(0, 5)).toEqual([0, 1, 2, 4, 0]);
    expect(Array.from({ length: 10 }, deal)).toEqual(turn);
  });

  it("deals nothing to a share of 0", () => {
    const deal = dealer([0, 1]);
    expect(Array.from({ length: 4 }, deal)).toEqual([1, 1, 1, 1]);
  });
});
