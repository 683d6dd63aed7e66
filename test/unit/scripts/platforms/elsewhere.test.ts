import { expect, test, vi } from "vitest";
import { exitCodes } from "../../../../scripts/exit.ts";
import { NothingRuns } from "../../../../scripts/nothing-runs.ts";
import { explained } from "../../../../scripts/platforms/elsewhere.ts";
import * as select from "../../../../scripts/platforms/select.ts";

/* `dev` is on Docker by its file; where it stands is what the state or the labels say. */

vi.mock("../../../../scripts/platforms/select.ts", async (original) => ({
  ...(await original<typeof select>()),
  platformOfRemembered: vi.fn(async () => null),
  platformByLabels: vi.fn(async () => null),
}));
const [byState, byLabels] = [vi.mocked(select.platformOfRemembered), vi.mocked(select.platformByLabels)];
const looked = new NothingRuns("dev");

test("a stack that stands where its file doesn't say is told to stand there", async () => {
  byState.mockResolvedValueOnce(select.platformOf("aws"));
  const { message, exitCode } = await explained(looked);
  expect(exitCode).toBe(exitCodes.nothingThere);
  expect(message).toMatch(
    /^nothing of "dev" runs on Docker, .*it stands on AWS; set platform\.kind to "aws" again/,
  );
  byLabels.mockResolvedValueOnce(select.platformOf("memory"));
  expect((await explained(looked)).message).toContain("it stands in memory");
});

test("one that stands nowhere, or where its file says, isn't there; nor is one of which nobody can be asked", async () => {
  expect(await explained(looked)).toBe(looked);
  byState.mockResolvedValueOnce(select.platformOf("docker"));
  expect(await explained(looked)).toBe(looked);
  byState.mockRejectedValueOnce(new Error("the backend can't be reached"));
  expect(await explained(looked)).toBe(looked);
  expect(await explained(new NothingRuns("no-such-stack"))).toMatchObject({ stackId: "no-such-stack" });
});
