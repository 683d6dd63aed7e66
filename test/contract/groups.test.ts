import { describe, expect, test } from "vitest";
import type { ProvisionedGroup } from "../../components/platform/contract.ts";
import { known } from "../support/record.ts";
import { exerciseGroups } from "./exercise.ts";
import { registered } from "./own.ts";
import { groupSubjects } from "./subjects.ts";

/* The rules for adapters of groups alone; platform.test.ts has those for all. The numbers are those of CONTRACT.md. */

describe.each(groupSubjects)("the $name platform", ({ make, plan, outputs, numbers }) => {
  const run = () => exerciseGroups(make(), plan, outputs === undefined ? {} : { outputs });

  test("21: every group has the planned numbers, but for the one that targets move, and the planned standbys", async () => {
    const recording = await run();
    const of = async (made: ProvisionedGroup | undefined) =>
      numbers(await registered(recording, made?.ready[0]));
    const { tier, groups } = recording.result;
    expect(await of(tier)).toEqual({ min: 2, desired: 2, max: 2, waiting: undefined });
    expect(await of(groups.get("web"))).toEqual({ min: 2, desired: 2, max: 2, waiting: 1 });
    expect(await of(groups.get("web-hot"))).toEqual({ min: 1, desired: 1, max: 1, waiting: undefined });
    expect(await of(groups.get("api"))).toEqual({ min: 3, desired: undefined, max: 9, waiting: undefined });
  });

  test("22: clients have an address that is known once the tier is there", async () => {
    expect(await known((await run()).result.tier.address)).toMatch(/\.example$/);
  });
});
