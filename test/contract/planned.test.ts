import { describe, expect, test } from "vitest";
import { isSecret } from "../../components/model/secret.ts";
import type { MachinePlatform, NetworkedPlace } from "../../components/platform/contract.ts";
import { visible } from "../support/clusters.ts";
import { known, type Recording } from "../support/record.ts";
import { type ExerciseOptions, exerciseMachines, type ProvisionedMachines, secretValue } from "./exercise.ts";
import { registered } from "./own.ts";
import { plannedSubjects } from "./subjects.ts";

/* The rules for adapters of single machines alone; platform.test.ts has those for all. The numbers are those of CONTRACT.md. */

/** The registration that is the machine itself: what others wait for. */
const machineOf = (recording: Recording<ProvisionedMachines>, key: string) =>
  registered(recording, recording.result.units.get(key)?.ready[0]);

describe.each(plannedSubjects)("the $name platform", ({ make, plan, running }) => {
  const run = (options: ExerciseOptions = {}, platform: MachinePlatform = make()) =>
    exerciseMachines(platform, plan, options);

  test("8: every machine has the address that was planned", async () => {
    const { result } = await run();
    const machines = [...result.units];
    const all = [
      ...plan.nodes,
      ...plan.balancers,
      ...plan.wardens,
      ...(plan.door === null ? [] : [plan.door]),
    ];
    const planned = new Map(all.map(({ key, address }) => [key, address]));
    // The filter is in no network.
    for (const [key, { address }] of machines) expect(await known(address)).toBe(planned.get(key) ?? "");
  });

  test("10: a cold standby comes out switched off, all others switched on", async () => {
    const recording = await run();
    const states = await Promise.all(
      [...plan.nodes, ...plan.balancers].map(async ({ key, role }) => [
        role,
        running((await machineOf(recording, key)).inputs),
      ]),
    );
    expect(states).toEqual([
      ["active", true],
      ["active", true],
      ["hot", true],
      ...(plan.nodes.some(({ role }) => role === "cold") ? [["cold", false]] : []),
      ["balancer", true],
      ["balancer", true],
    ]);
  });

  describe.each([...plan.balancers, ...plan.nodes])("11: a delivery to $key", ({ key }) => {
    const inputs = async (options: ExerciseOptions) => {
      const recording = await run(options);
      return visible((await registered(recording, recording.result.deliveries.get(key))).inputs);
    };
    const same = { machineId: "one" };

    test("is the same for the same files and machine", async () => {
      expect(await inputs(same)).toBe(await inputs(same));
    });

    test("is another one when a file changes", async () => {
      const files: ExerciseOptions["files"] = ({ machine, files: before }) => ({
        machine,
        files: before.map((file) => (isSecret(file.content) ? file : { ...file, content: "# another" })),
      });
      expect(await inputs({ ...same, files })).not.toBe(await inputs(same));
    });

    test("is another one when a secret has another value", async () => {
      expect(await inputs({ ...same, secret: "renewed" })).not.toBe(await inputs(same));
    });

    test("is another one when the machine is another one", async () => {
      expect(await inputs({ machineId: "two" })).not.toBe(await inputs(same));
    });
  });

  test("12: no file that is a secret passes through a delivery's inputs, not even as the engine's secret", async () => {
    const recording = await run();
    for (const [, delivery] of recording.result.deliveries)
      expect(JSON.stringify((await registered(recording, delivery)).inputs)).not.toContain(secretValue);
  });

  test("14: it has a door exactly where it says so, and refuses one otherwise", async () => {
    const platform = make();
    const { result } = await run({}, platform);
    expect(result.door !== null).toBe(platform.traits.door);
    if (platform.traits.door || plan.door === null) return;
    const door = plan.door;
    expect(() =>
      platform.door("it-door", door, { machine: "door", files: [] }, {} as NetworkedPlace),
    ).toThrow(/^it-door: /);
  });

  test("20: it has a warden a balancer, and a filter before an engine that switches nodes, exactly where it says so", async () => {
    const platform = make();
    const { warden, power } = platform.traits;
    const filter = warden && power === "engine";
    const { result } = await run({}, platform);
    expect([platform.filter !== undefined, platform.warden !== undefined]).toEqual([filter, warden]);
    expect(result.filter !== null).toBe(filter);
    expect([...result.wardens.keys()]).toEqual(warden ? ["warden-1", "warden-2"] : []);
  });
});
