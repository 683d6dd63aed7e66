import fc from "fast-check";
import { expect, test } from "vitest";
import { WatchedTime } from "../../../../../infra/runtime/warden/watched-time.ts";

test("rounds on time count in full", () => {
  const time = new WatchedTime(1000);
  expect([1050, 1120, 1370].map((now) => time.advance(now))).toEqual([1050, 1120, 1370]);
});

test("a pause without a processor counts as a few looks", () => {
  const time = new WatchedTime(0);
  expect(time.advance(600)).toBe(250);
  expect(time.advance(3600)).toBe(1250);
  expect(time.advance(3650)).toBe(1300);
});

test("it is never ahead, never goes back, and never slower than a third", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 5000 })), (pauses) => {
      const time = new WatchedTime(0);
      let [now, latest, before] = [0, 0, 0];
      for (const pause of pauses) {
        now += pause;
        latest = Math.max(latest, now);
        const watched = time.advance(now);
        expect(watched).toBeLessThanOrEqual(latest + 1e-6);
        expect(watched).toBeGreaterThanOrEqual(Math.max(before, latest / 3 - 1e-6));
        before = watched;
      }
    }),
  );
});
