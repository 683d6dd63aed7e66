import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { reviewEngine } from "../../../../components/review/engine/review.ts";
import { recordedRun, recordedRuns } from "../../../support/engine-runs.ts";

/* The engine works on several resources at once, so the order of their steps differs from run to run; the result must not. */

type Event = Record<string, { urn?: string; metadata?: { urn?: string } } | undefined>;

/** Whose step an event tells of; what is of no resource stays where it is relative to its kind. */
function owner(event: Event): string {
  const body = Object.values(event).find((value) => typeof value === "object");
  return body?.metadata?.urn ?? body?.urn ?? "";
}

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The events in another order, those of each resource among themselves as they were. */
function shuffled(events: readonly Event[], seed: number): Event[] {
  const next = random(seed);
  const queues = [...Map.groupBy(events, owner).values()].map((queue) => [...queue]);
  const result: Event[] = [];
  while (queues.length > 0) {
    const at = Math.floor(next() * queues.length);
    const event = queues[at]?.shift();
    if (event !== undefined) result.push(event);
    if (queues[at]?.length === 0) queues.splice(at, 1);
  }
  return result;
}

const digest = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

const whole = recordedRuns.filter((name) => reviewEngine(recordedRun(name)).result !== "incomplete");

describe("100 orders of the same steps give one result", () => {
  test.each(whole.filter((name) => !name.startsWith("own-stack-") || name === "own-stack-subnet"))(
    "%s",
    (name) => {
      const { events, state } = recordedRun(name);
      const parsed = events.map((line) => JSON.parse(line) as Event);
      const orders = new Set<string>();
      const results = new Set([digest(reviewEngine({ events, state }))]);
      for (let seed = 1; seed <= 100; seed++) {
        const order = shuffled(parsed, seed);
        orders.add(digest(order.map(owner)));
        results.add(digest(reviewEngine({ events: order, state })));
      }
      expect(results.size).toBe(1);
      if (new Set(parsed.map(owner)).size > 4) expect(orders.size).toBeGreaterThan(50);
    },
  );
});

describe("speed", () => {
  /** A wide cascade, wider: copies of a recorded one under other names. */
  function scaled(steps: number): { events: unknown[]; state: unknown } {
    const { events, state } = recordedRun("cascade-wide");
    const copies = Math.ceil(steps / 7);
    const rename = (text: string, copy: number) =>
      text.replace(/::(net|node-\d)\b/g, `::copy-${copy}-$1`).replace(/Thing::(\w)/g, "Thing::$1");
    const many = Array.from({ length: copies }, (_, copy) =>
      events
        .filter((line) => line.includes('"metadata"') && line.includes("Thing::"))
        .map((line) => rename(line, copy)),
    ).flat();
    const { resources } = (state as { deployment: { resources: unknown[] } }).deployment;
    const all = Array.from({ length: copies }, (_, copy) =>
      JSON.parse(rename(JSON.stringify(resources), copy)),
    ).flat();
    const summary = events.filter((line) => line.includes("summaryEvent"));
    return { events: [...many, ...summary], state: { deployment: { resources: all } } };
  }

  test.each([
    [1_000, 500],
    [10_000, 4_000],
  ])("%d steps are read in less than %d ms", (count, limit) => {
    const run = scaled(count);
    // Time on the processor: whatever else the machine does doesn't count.
    const start = process.threadCpuUsage();
    const review = reviewEngine(run);
    const { user, system } = process.threadCpuUsage(start);
    expect(review.counts.replace).toBeGreaterThanOrEqual(count);
    expect(review.steps.every(({ causes }) => causes.length === 1)).toBe(true);
    expect((user + system) / 1_000).toBeLessThan(limit);
  });
});
