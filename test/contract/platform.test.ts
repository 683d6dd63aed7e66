import { describe, expect, test } from "vitest";
import { platformSchema } from "../../components/model/platforms/schema.ts";
import { platformTraits } from "../../components/model/platforms/select.ts";
import { selectPlatform } from "../../components/platform/select.ts";
import { short, visible } from "../support/clusters.ts";
import { known, type Recorded } from "../support/record.ts";
import { type ExerciseOptions, exercise, labels, secretValue } from "./exercise.ts";
import { own, registered, urnOf } from "./own.ts";
import { groupSubjects, plannedSubjects, subjects } from "./subjects.ts";

/*
 * The rules for every adapter, of single machines and of groups; planned.test.ts and groups.test.ts have those of one sort. The
 * numbers are those of components/platform/CONTRACT.md.
 */

const byUrn = (a: Recorded, b: Recorded) => (a.urn < b.urn ? -1 : 1);

describe.each(subjects)("the $name platform", ({ make, plan, standIn, outputs, labels: labelsOf }) => {
  const run = (options: ExerciseOptions = {}) =>
    exercise(make(), plan, { ...(outputs === undefined ? {} : { outputs }), ...options });

  test("1: its traits are plain data, the same whenever it is asked", () => {
    const { traits, machines } = make();
    expect(JSON.parse(JSON.stringify(traits))).toEqual(traits);
    expect(make().traits).toEqual(traits);
    expect(machines).toBe(traits.machines);
  });

  if (standIn === undefined)
    test("1: its traits are those that rules and planner know of its kind", () => {
      const { kind, traits } = make();
      expect(traits).toEqual(platformTraits(kind));
    });

  test.each([false, true])(
    "2: it makes a whole plan without a stray error (preview: %s)",
    async (preview) => {
      const { problems, stray } = await run({ preview });
      expect({ problems, stray }).toEqual({ problems: [], stray: [] });
    },
  );

  test("3: whatever it makes has the given parent, dependencies and other options", async () => {
    for (const { parent, dependsOn, protect, urn } of own(await run())) {
      expect([urn, short([parent]), protect]).toEqual([urn, ["Parent parent"], true]);
      expect(short(dependsOn)).toContain("Stash before");
    }
  });

  test("4: it names nothing but with the prefix that it was given", async () => {
    const recording = await run();
    const keys = ["network", "monitor", ...recording.result.units.keys()];
    for (const { name } of own(recording))
      expect(keys.some((key) => name === `it-${key}` || name.startsWith(`it-${key}-`))).toBe(true);
  });

  test("5: it labels everything that can bear labels", async () => {
    const recording = await run();
    const found = own(recording).map(({ inputs, type }) => labelsOf(inputs, type));
    const labelled = found.filter((value) => value !== null);
    expect(labelled.length).toBeGreaterThan(recording.result.units.size);
    for (const value of labelled) expect(value).toEqual(labels);
  });

  test("6: it makes in an update exactly what a preview shows", async () => {
    const urns = async (preview: boolean) =>
      own(await run({ preview }))
        .map(({ urn }) => urn)
        .sort();
    expect(await urns(false)).toEqual(await urns(true));
  });

  test("7: it asks for the same again when nothing changed", async () => {
    const ask = async () => visible(own(await run()).toSorted(byUrn));
    expect(await ask()).toBe(await ask());
  });

  test("9: what others wait for is there, and every machine or group has an id of its own", async () => {
    const recording = await run();
    const units = [...recording.result.units.values()];
    for (const { ready } of units) {
      expect(ready.length).toBeGreaterThan(0);
      for (const resource of ready) await registered(recording, resource);
    }
    const ids = await Promise.all(units.map(({ id }) => known(id)));
    expect(new Set(ids).size).toBe(units.length);
    expect(ids.every((id) => id !== "")).toBe(true);
  });

  test("12: no secret is in plain text in what the engine keeps", async () => {
    expect(visible((await run()).resources)).not.toContain(secretValue);
  });

  test("13: all that it makes can be reached as a raw child", async () => {
    const recording = await run();
    const reached = await Promise.all(recording.result.children.map(urnOf));
    expect(reached.sort()).toEqual(
      own(recording)
        .map(({ urn }) => urn)
        .sort(),
    );
  });
});

test("every kind of platform that is built stands before the suite", async () => {
  const kinds = platformSchema.options.map(({ shape }) => shape.kind.value);
  const built = await Promise.all(
    kinds.map(async (kind) => {
      const error = await selectPlatform(kind, {}).then(
        () => null,
        ({ message }: Error) => message,
      );
      return error?.endsWith("is not built yet") ? [] : [kind];
    }),
  );
  const real = subjects.filter(({ standIn }) => standIn === undefined).map(({ make }) => make().kind);
  expect(real.sort()).toEqual(built.flat().sort());
});

test("a platform that has to be reached says that nobody gave it the access", async () => {
  await expect(selectPlatform("docker", {})).rejects.toThrow(
    'platform.kind: "docker" needs access to it, and none was given',
  );
  await expect(selectPlatform("aws", {})).rejects.toThrow(/"aws" needs access/);
  expect((await selectPlatform("memory", {})).kind).toBe("memory");
  expect((await selectPlatform("docker", { docker: { engine: {} as never } })).kind).toBe("docker");
});

test("the adapters of one sort differ in what they can do, so that both ways are walked", () => {
  const [memory, docker] = plannedSubjects.map(({ make }) => make().traits);
  expect([memory?.door, docker?.door, memory?.warden, docker?.warden]).toEqual([false, true, false, true]);
  expect(groupSubjects.map(({ make }) => make().traits.machines)).toEqual(["groups", "groups"]);
});
