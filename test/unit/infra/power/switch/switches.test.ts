import { expect, onTestFinished, test } from "vitest";
import { Switches } from "../../../../../infra/power/switch/switches.ts";
import type { Power, PowerState } from "../../../../../infra/power/types.ts";

/** A controller whose server is as it is told. */
function controller(power: PowerState) {
  const state = { power, told: [] as string[], looks: 0, closed: false, busy: async () => {} };
  const one = {
    status: async () => {
      await state.busy();
      state.looks++;
      if (state.power === "unknown") throw new Error("r1-u07: its controller doesn't answer");
      return { power: state.power };
    },
    on: async () => {
      state.told.push("on");
      if (state.power === "on") return "was so";
      state.power = "on";
      return "done";
    },
    off: async (graceful: number) => {
      state.told.push(`off ${graceful}`);
      state.power = "off";
      return "done";
    },
    close: async () => {
      state.closed = true;
    },
  } as Partial<Power> as Power;
  return { one, state };
}

function switchesOf(...powers: readonly [string, PowerState][]) {
  const said: string[] = [];
  const clock = { now: 0 };
  const all = powers.map(([key, power]) => [key, controller(power)] as const);
  const switches = new Switches(
    new Map(all.map(([key, { one }]) => [key, one])),
    new Set(all.flatMap(([key]) => (key.includes("-cold-") ? [] : [key]))),
    (text) => said.push(text),
    () => clock.now,
  );
  const seen = async () => JSON.parse((await switches.answer("GET", "/power")).body);
  const states = Object.fromEntries(all.map(([key, { state }]) => [key, state]));
  return {
    switches,
    said,
    clock,
    seen,
    stateOf: (key: string) => states[key] as (typeof all)[0][1]["state"],
  };
}

/** Watches until a test has ended. */
function watch(switches: Switches) {
  const end = new AbortController();
  const ended = switches.watch(end.signal, 1);
  const stop = async () => {
    end.abort();
    await ended;
  };
  onTestFinished(stop);
  return stop;
}

test("a standby is switched on and off, with time for its system, and seen so at once", async () => {
  const { switches, seen, stateOf } = switchesOf(["web-cold-1", "off"]);
  await watch(switches)();
  expect(await switches.answer("GET", "/power")).toEqual({ status: 200, body: '{"web-cold-1":"off"}' });
  expect((await switches.answer("POST", "/web-cold-1/start")).status).toBe(200);
  expect(await seen()).toEqual({ "web-cold-1": "running" });
  expect((await switches.answer("POST", "/web-cold-1/start")).status).toBe(304);
  await switches.answer("POST", "/web-cold-1/stop");
  expect(stateOf("web-cold-1").told).toEqual(["on", "on", "off 120000"]);
});

test("a node that is fenced loses its power at once, and gets nothing else", async () => {
  const { switches, seen, stateOf } = switchesOf(["web-1", "on"], ["web-cold-1", "on"]);
  for (const wrong of ["/web-1/start", "/web-1/stop", "/web-cold-1/fence"])
    expect((await switches.answer("POST", wrong)).status).toBe(404);
  expect((await switches.answer("POST", "/web-1/fence")).status).toBe(200);
  expect(stateOf("web-1").told).toEqual(["off 0"]);
  expect(await seen()).toEqual({ "web-1": "off" });
});

test.each([
  ["POST", "/web-1/start"],
  ["POST", "/web-cold-1/restart"],
  ["POST", "/web-cold-1/start/../../x"],
  ["GET", "/web-cold-1/start"],
  ["GET", "/"],
])("%s %s is nothing that it does", async (method, path) => {
  const { switches, stateOf } = switchesOf(["web-cold-1", "off"]);
  expect((await switches.answer(method, path)).status).toBe(404);
  expect(stateOf("web-cold-1").told).toEqual([]);
});

test("a controller that is silent is told of, keeps nobody from the others, and is forgotten after 20 s", async () => {
  const { switches, said, clock, seen, stateOf } = switchesOf(["web-cold-1", "off"], ["web-cold-2", "on"]);
  await watch(switches)();
  stateOf("web-cold-1").power = "unknown";
  clock.now = 20_001;
  const stop = watch(switches);
  await expect.poll(() => said[0]).toBe("r1-u07: its controller doesn't answer");
  await stop();
  expect(await seen()).toEqual({ "web-cold-2": "running" });
});

test("a controller that is busy for long keeps nobody from looking at the others again", async () => {
  const { switches, clock, seen, stateOf } = switchesOf(["web-cold-1", "off"], ["web-cold-2", "on"]);
  const { promise, resolve } = Promise.withResolvers<void>();
  stateOf("web-cold-1").busy = () => promise;
  const stop = watch(switches);
  await expect.poll(() => stateOf("web-cold-2").looks).toBeGreaterThan(1);
  clock.now = 60_000;
  await expect.poll(seen).toEqual({ "web-cold-2": "running" });
  resolve();
  await stop();
});

test("what was asked long before it was answered is as new as its answer", async () => {
  const { switches, clock, seen, stateOf } = switchesOf(["web-cold-1", "off"]);
  stateOf("web-cold-1").busy = async () => {
    clock.now += 15_000;
  };
  await switches.answer("POST", "/web-cold-1/start");
  clock.now += 19_000;
  expect(await seen()).toEqual({ "web-cold-1": "running" });
});

test("controllers' sessions are ended with it", async () => {
  const { switches, stateOf } = switchesOf(["web-cold-1", "off"]);
  await switches.close();
  expect(stateOf("web-cold-1").closed).toBe(true);
});
