import { expect, test } from "vitest";
import { Switches } from "../../../../../infra/power/switch/switches.ts";
import type { Power, PowerState } from "../../../../../infra/power/types.ts";

/** A controller whose server is as it is told. */
function controller(power: PowerState) {
  const state = { power, told: [] as string[] };
  const one = {
    status: async () => {
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
  } as Partial<Power> as Power;
  return { one, state };
}

function switchesOf(...powers: readonly [string, PowerState][]) {
  const said: string[] = [];
  const all = powers.map(([key, power]) => [key, controller(power)] as const);
  const switches = new Switches(new Map(all.map(([key, { one }]) => [key, one])), (text) => said.push(text));
  return { switches, said, states: Object.fromEntries(all.map(([key, { state }]) => [key, state])) };
}

test("a standby is switched on and off, with time for its system, and seen so at once", async () => {
  const { switches, states } = switchesOf(["web-cold-1", "off"]);
  await switches.look(0);
  expect(await switches.answer("GET", "/power", 0)).toEqual({ status: 200, body: '{"web-cold-1":"off"}' });
  expect((await switches.answer("POST", "/web-cold-1/start", 0)).status).toBe(200);
  expect((await switches.answer("GET", "/power", 0)).body).toBe('{"web-cold-1":"running"}');
  expect((await switches.answer("POST", "/web-cold-1/start", 0)).status).toBe(304);
  await switches.answer("POST", "/web-cold-1/stop", 0);
  expect(states["web-cold-1"]?.told).toEqual(["on", "on", "off 120000"]);
});

test.each([
  ["POST", "/web-1/start"],
  ["POST", "/web-cold-1/restart"],
  ["POST", "/web-cold-1/start/../../x"],
  ["GET", "/web-cold-1/start"],
  ["GET", "/"],
])("%s %s is nothing that it does", async (method, path) => {
  const { switches, states } = switchesOf(["web-cold-1", "off"]);
  expect((await switches.answer(method, path, 0)).status).toBe(404);
  expect(states["web-cold-1"]?.told).toEqual([]);
});

test("a controller that is silent is told of, keeps nobody from the others, and is forgotten after 20 s", async () => {
  const { switches, said, states } = switchesOf(["web-cold-1", "off"], ["web-cold-2", "on"]);
  await switches.look(0);
  if (states["web-cold-1"] !== undefined) states["web-cold-1"].power = "unknown";
  await switches.look(20_001);
  expect(said).toEqual(["r1-u07: its controller doesn't answer"]);
  expect((await switches.answer("GET", "/power", 20_001)).body).toBe('{"web-cold-2":"running"}');
});
