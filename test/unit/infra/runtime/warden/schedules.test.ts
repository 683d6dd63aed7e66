import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, freshState, sameOverlay } from "../../../../../infra/runtime/warden/decide.ts";
import type { Observation, Timers } from "../../../../../infra/runtime/warden/types.ts";
import { type Fault, type Performed, type Step, tick, World } from "./simulation.ts";

/* Random bad days. HOTSPARE_RUNS=20000 for a long night. */

const runs = Number(process.env.HOTSPARE_RUNS ?? 300);
/** Shrinking a failure takes minutes: only when asked for. */
const quick = process.env.HOTSPARE_SHRINK === undefined;

const timers: fc.Arbitrary<Timers> = fc.record({
  coldAfter: fc.integer({ min: 0, max: 2000 }),
  calm: fc.integer({ min: 500, max: 5000 }),
  limit: fc.integer({ min: 1, max: 4 }),
  startup: fc.record({ web: fc.integer({ min: 1000, max: 5000 }) }),
  restart: fc.record({
    after: fc.integer({ min: 0, max: 2000 }),
    unhealthyAfter: fc.integer({ min: 1000, max: 5000 }),
    tries: fc.integer({ min: 1, max: 4 }),
    backoff: fc.integer({ min: 500, max: 3000 }),
  }),
});

const counts = fc.record({
  active: fc.integer({ min: 1, max: 4 }),
  hot: fc.integer({ min: 0, max: 2 }),
  cold: fc.integer({ min: 0, max: 2 }),
});

const kinds: Fault["kind"][] = [
  ...(["kill", "kill", "kill", "freeze", "sicken", "cure", "move", "split"] as const),
  ...(["lease", "forget", "garble", "blind", "refuse"] as const),
];

const faults = fc.array(
  fc.record({
    at: fc.integer({ min: 1000, max: 30_000 }),
    kind: fc.constantFrom(...kinds),
    target: fc.nat({ max: 11 }),
    lasts: fc.integer({ min: 100, max: 8000 }),
  }),
  { maxLength: 14 },
);

const weights = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });

const day = fc.record({ counts, timers, faults, weights });

interface Day {
  counts: { active: number; hot: number; cold: number };
  timers: Timers;
  faults: Fault[];
  weights: number[];
}

function live({ counts, timers, faults, weights }: Day, look: (step: Step, world: World) => void): World {
  const world = new World(counts, timers, weights);
  const waiting = [...faults].sort((a, b) => a.at - b.at);
  while (world.now < 31_000) {
    while (waiting[0] !== undefined && waiting[0].at <= world.now) world.strike(waiting.shift() as Fault);
    for (const step of world.advance(tick)) look(step, world);
  }
  return world;
}

/** Whether all is as planned for two seconds in a row before `patience` is over; coarser steps later, since pauses are long. */
function settles(world: World, patience: number): boolean {
  const end = world.now + patience;
  let since = world.now;
  while (world.now < end && world.now - since < 2000) {
    world.advance(world.now < 120_000 ? tick : 200);
    if (!world.isAsPlanned) since = world.now;
  }
  return world.isAsPlanned;
}

const wellOf = (observation: Observation, role: string) =>
  (observation.pools.web ?? []).filter(
    ({ key, desiredRole, healthy, mark }) =>
      desiredRole === role &&
      healthy === true &&
      mark === null &&
      observation.power?.[key] !== "off" &&
      observation.power?.[key] !== "paused",
  );

/** Like `expect`, but fast enough for millions of steps. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`it must hold: ${what}`);
}

/** Every well active node serves, and standbys make up for the others as far as they are well and allowed. */
function mustHaveCapacity({ observation, after }: Step, limit: number): void {
  const members = after.pools.web ?? [];
  const well = wellOf(observation, "active");
  const rotation = new Set(members.filter(({ inRotation }) => inRotation).map(({ key }) => key));
  for (const { key } of well) must(rotation.has(key), `${key} is well and serves`);
  const serving = members.filter(
    ({ inRotation, healthy, mark }) => inRotation && healthy === true && mark === null,
  );
  const weigh = (some: readonly { weight: number }[]) => some.reduce((sum, { weight }) => sum + weight, 0);
  // One that no check has seen yet is neither lost nor well.
  const lost = members.filter(
    ({ key, desiredRole, healthy, mark }) =>
      desiredRole === "active" &&
      (healthy === false || mark !== null || (healthy === true && !well.some((other) => other.key === key))),
  );
  const standbys = serving.filter(({ desiredRole }) => desiredRole !== "active");
  const possible = Math.min(limit, wellOf(observation, "hot").length);
  must(
    weigh(standbys) >= weigh(lost) || standbys.length >= possible,
    `${weigh(lost)} is lost, ${possible} standbys could serve, and ${standbys.length} of weight ${weigh(standbys)} do`,
  );
}

/** No more standbys serve than allowed, and nobody else is in the overlay. */
function mustKeepLimit({ decision }: Step, limit: number): void {
  const promoted = Object.entries(decision.overlay).filter(([, { role }]) => role === "active");
  must(promoted.length <= limit, `at most ${limit} of [${promoted.map(([key]) => key)}] serve`);
  for (const [key] of promoted) must(/-(hot|cold)-/.test(key), `${key} is a standby`);
}

/** Only who leads acts on machines, never under a lease, and stops nothing but cold standbys. */
function mustRestrain({ observation, decision }: Step): void {
  const { actions, events } = decision;
  if (!observation.leader) must(actions.length === 0, "who doesn't lead does nothing");
  for (const { kind, node } of actions)
    must(kind !== "stop" || node.includes("-cold-"), `${node} isn't stopped`);
  if (observation.lease === null) return;
  must(actions.length === 0, "nothing is done under a lease");
  const released = events.some(({ event, why }) => event === "demote" && why.includes("long enough"));
  must(!released, "nobody is sent back under a lease");
}

/** A warden that has lost its state changes nothing for the worse; one that is asked again does nothing more. */
function mustBeSame({ now, decision, after }: Step, timers: Timers): void {
  const again = decide(decision.state, after, timers, now);
  must(sameOverlay(again.overlay, decision.overlay), "asked again it wants the same");
  const afresh = decide(freshState, after, timers, now);
  must(
    afresh.actions.every(({ kind }) => kind === "start"),
    "without its state it does nothing but start",
  );
  for (const member of after.pools.web ?? []) {
    const serves = member.healthy === true && member.mark === null;
    if (decision.overlay[member.key]?.role === "active" && serves)
      must(afresh.overlay[member.key]?.role === "active", `without its state it lets ${member.key} serve on`);
  }
}

/** What is done to a cold standby that nobody needs is no try to make it serve. */
const isEndOfIdling = ({ kind, node }: Performed) =>
  kind === "stop" || (kind === "unpause" && node.includes("-cold-"));

describe("on any bad day", () => {
  test("capacity, limits, restraint and sameness hold at every step", () => {
    fc.assert(
      fc.property(day, (today) => {
        live(today, (step) => {
          mustHaveCapacity(step, today.timers.limit);
          mustKeepLimit(step, today.timers.limit);
          mustRestrain(step);
          mustBeSame(step, today.timers);
        });
      }),
      { numRuns: runs, endOnFailure: quick },
    );
  }, 600_000);

  test("tries are bounded and further and further apart", () => {
    const calmDays = day.filter(({ faults }) =>
      faults.every(({ kind }) => kind !== "forget" && kind !== "cure"),
    );
    fc.assert(
      fc.property(calmDays, (today) => {
        const world = live(today, () => {});
        const { backoff } = today.timers.restart;
        for (const { key } of world.nodes)
          for (const warden of [0, 1]) {
            const mine = world.performed.filter(
              (action) => action.node === key && action.warden === warden && !isEndOfIdling(action),
            );
            for (const [index, action] of mine.entries()) {
              const next = mine[index + 1];
              if (next === undefined) continue;
              const proven = next.at - action.at > today.timers.calm;
              if (!proven)
                expect(next.at - action.at).toBeGreaterThanOrEqual(Math.min(backoff, today.timers.calm));
            }
          }
      }),
      { numRuns: runs, endOnFailure: quick },
    );
  }, 600_000);

  test("everything is as planned again some time after the faults have stopped", () => {
    fc.assert(
      fc.property(day, (today) => {
        const world = live(today, () => {});
        world.heal();
        expect(settles(world, 30 * 60_000)).toBe(true);
        // And it stays so: nothing oscillates.
        const before = world.performed.length;
        const still = world.now + 10_000;
        while (world.now < still) world.advance(tick);
        expect(world.isAsPlanned).toBe(true);
        expect(world.performed.length).toBe(before);
      }),
      { numRuns: runs, endOnFailure: quick },
    );
  }, 600_000);
});
