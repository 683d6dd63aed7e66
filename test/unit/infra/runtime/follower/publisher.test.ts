import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { publish } from "../../../../../infra/runtime/follower/publisher.ts";

/* When a balancer publishes: all of them must speak of the same minutes, and of each once. */

beforeEach(() => vi.useFakeTimers({ now: new Date("2026-11-28T12:00:40.500Z") }));
afterEach(() => vi.useRealTimers());

/** Minutes that are published, as they are. */
function publishing(): string[] {
  const minutes: string[] = [];
  void publish({ minute: async (minute) => void minutes.push(minute.toISOString().slice(11, 19)) });
  return minutes;
}

test("it is at the end of each minute, of that minute", async () => {
  const minutes = publishing();
  await vi.advanceTimersByTimeAsync(19_499);
  expect(minutes).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(minutes).toEqual(["12:00:00"]);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(minutes).toEqual(["12:00:00", "12:01:00", "12:02:00"]);
});

test("a timer that is a little early publishes no minute twice", async () => {
  const minutes = publishing();
  // The clock goes back by 3 ms while the timer runs, so that it fires before the minute is over.
  vi.setSystemTime(new Date("2026-11-28T12:00:40.497Z"));
  await vi.advanceTimersByTimeAsync(19_500);
  expect(minutes).toEqual(["12:00:00"]);
  await vi.advanceTimersByTimeAsync(10);
  expect(minutes).toEqual(["12:00:00"]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(minutes).toEqual(["12:00:00", "12:01:00"]);
});

test("a clock that is set back by an hour doesn't silence it", async () => {
  const minutes = publishing();
  await vi.advanceTimersByTimeAsync(19_500);
  vi.setSystemTime(new Date("2026-11-28T11:01:00.000Z"));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(minutes).toEqual(["12:00:00", "11:01:00", "11:02:00"]);
});
