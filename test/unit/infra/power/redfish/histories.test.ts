import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { openPower } from "../../../../../infra/power/open.ts";
import { type BootSource, type Power, PowerError } from "../../../../../infra/power/types.ts";
import { type PersonaName, personas } from "../../../../../scripts/lab/controller/persona.ts";
import { refused } from "../../../../../scripts/lab/controller/reply.ts";
import { type Bench, bench, endBenches } from "../../../../support/metal/controller.ts";

/*
 * Random histories of a server: what is done with it, while answers are lost, its controller is busy or starts anew, somebody else does
 * something at its web page, or puts another server in its place. HOTSPARE_HISTORIES says how many; 10,000 take some minutes.
 */

const histories = Number(process.env.HOTSPARE_HISTORIES ?? 100);
const image = "http://192.0.2.1/seed.iso";

afterEach(endBenches);

/** What is done, and what somebody else does meanwhile. */
type Step =
  | { readonly do: "on" | "off" | "shut down" | "insert" | "eject" | "look" }
  | { readonly do: "boot"; readonly from: BootSource }
  | {
      readonly meanwhile: "hindered";
      readonly by: "cut" | "lost" | "busy" | "broken";
      readonly times: number;
    }
  | { readonly meanwhile: "restart" | "button" | "media" | "menu" | "swapped" | "put back" };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("on", "off", "shut down", "insert", "eject", "look") }),
  fc.record({ do: fc.constant("boot"), from: fc.constantFrom("none", "network", "cd", "disk") }),
  fc.record({
    meanwhile: fc.constant("hindered"),
    by: fc.constantFrom("cut", "lost", "busy", "broken"),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ meanwhile: fc.constantFrom("restart", "button", "media", "menu", "swapped", "put back") }),
) as fc.Arbitrary<Step>;

/** A server in its controller's care, and everything that may happen to it. */
class World {
  readonly made: Bench;
  readonly power: Power;
  /** Whether the controller is another server's just now. */
  swapped = false;
  #hindered = 0;
  #by = "cut";

  constructor(made: Bench) {
    this.made = made;
    this.power = openPower({ ...made.controller, serial: "SN1" }, { request: 10_000, settle: 150, pause: 1 });
    const { emulator } = made;
    emulator.fault = ({ path }) => {
      // The end of a session is not a part of any history.
      if (this.#hindered === 0 || path.includes("/Sessions/")) return null;
      this.#hindered--;
      if (this.#by === "cut" || this.#by === "lost") return this.#by;
      if (this.#by === "broken") return refused(500, "InternalError");
      return { ...refused(503, "ServiceTemporarilyUnavailable"), headers: { "retry-after": "0" } };
    };
    emulator.shape = (_, document) =>
      this.swapped && document.SerialNumber !== undefined
        ? { ...document, SerialNumber: "SN2", SKU: "SN2", UUID: "0" }
        : document;
  }

  meanwhile(step: Extract<Step, { meanwhile: string }>): void {
    const { emulator, lamp } = this.made;
    switch (step.meanwhile) {
      case "hindered":
        this.#hindered = step.times;
        this.#by = step.by;
        return;
      case "restart":
        emulator.forget();
        return;
      case "button":
        lamp.lit = !lamp.lit;
        return;
      case "media":
        emulator.condition.image = emulator.condition.image === null ? "http://192.0.2.9/theirs.iso" : null;
        return;
      case "menu":
        emulator.condition.boot = {
          ...emulator.condition.boot,
          BootSourceOverrideTarget: "Pxe",
          BootSourceOverrideEnabled: "Once",
        };
        return;
      case "swapped":
        this.swapped = true;
        return;
      case "put back":
        this.swapped = false;
    }
  }

  calm(): void {
    this.#hindered = 0;
    this.swapped = false;
  }

  /** What nobody may change on another server. */
  get touched(): string {
    const { lamp, emulator } = this.made;
    const { boot, image, bootNext } = emulator.condition;
    return JSON.stringify([lamp.presses, boot, image, bootNext, emulator.attributes]);
  }
}

const act = (power: Power, step: Extract<Step, { do: string }>): Promise<unknown> =>
  ({
    on: () => power.on(),
    off: () => power.off(0),
    "shut down": () => power.off(20),
    insert: () => power.insert(image),
    eject: () => power.eject(),
    look: () => power.status(),
    boot: () => power.bootOnce("from" in step ? step.from : "none"),
  })[step.do]();

/** What is so once a promise is kept. */
function expectKept({ made: { lamp, emulator } }: World, { do: done }: Extract<Step, { do: string }>): void {
  if (done === "on") expect(lamp.lit).toBe(true);
  if (done === "off" || done === "shut down") expect(lamp.lit).toBe(false);
  if (done === "insert") expect(emulator.condition.image).toBe(image);
  if (done === "eject") expect(emulator.condition.image).toBe(null);
}

async function live(world: World, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if ("meanwhile" in step) {
      world.meanwhile(step);
      continue;
    }
    const before = world.touched;
    const error = await act(world.power, step).then(
      () => null,
      (reason: unknown) => reason,
    );
    // Another server is looked at, and never changed.
    if (world.swapped) expect(world.touched).toBe(before);
    if (error === null && !world.swapped) expectKept(world, step);
    if (error !== null) {
      expect(error).toBeInstanceOf(PowerError);
      expect((error as PowerError).message).toMatch(/^s1: its controller at \S+ \S/);
    }
  }
}

test(
  "whatever happens: what is told is one sentence, no other server is touched, nothing stays stuck, and the drive comes out empty",
  async () => {
    const worlds = new Map<PersonaName, World>();
    for (const name of Object.keys(personas) as PersonaName[])
      worlds.set(name, new World(await bench({ persona: personas[name] })));
    let lived = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(personas) as PersonaName[])),
        fc.array(step, { minLength: 2, maxLength: 8 }),
        async (name, steps) => {
          const world = worlds.get(name);
          if (world === undefined) throw new Error(name);
          lived++;
          try {
            await live(world, steps);
            world.calm();
            // Whatever came before, it can be brought where it is wanted.
            await world.power.eject();
            expect(world.made.emulator.condition.image).toBe(null);
            await world.power.off(0);
            expect(world.made.lamp.lit).toBe(false);
          } finally {
            world.calm();
            world.made.emulator.condition.image = null;
          }
        },
      ),
      { numRuns: histories, endOnFailure: true },
    );
    expect(lived).toBe(histories);
    for (const { power } of worlds.values()) await power.close();
  },
  60_000 + histories * 400,
);
