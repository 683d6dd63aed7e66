import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { after, now } from "../../../../scripts/ephemeral/clock.ts";
import { type EphemeralRecord, recordSchema } from "../../../../scripts/ephemeral/record.ts";
import { exitCodes } from "../../../../scripts/exit.ts";
import { temporaryFolder, write } from "../../../support/temporary.ts";

/* The command `ephemeral` as a script calls it, with a state folder of its own. */

/** Its time is over, and it can't be removed: none stands on this platform. */
const stuck: EphemeralRecord = {
  schema: recordSchema,
  name: "stuck",
  platform: "aws",
  place: { address: "unix:///nowhere.sock", id: "A:B", variables: {} },
  stack: "dev",
  owner: "f00d1234",
  subnet: "10.99.0.0/22",
  ports: [],
  created: "2026-01-01T00:00:00.000Z",
  expires: after(-60_000, now()),
  starter: null,
  holder: null,
  pooled: null,
  state: "ready",
  url: null,
};

const ephemeral = (state: string, ...args: string[]) =>
  execa(process.execPath, ["scripts/cli.ts", "ephemeral", ...args], {
    reject: false,
    extendEnv: false,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, XDG_STATE_HOME: state },
  });

test("a sweep that removes not all of it prints one document, which says so", async () => {
  const state = temporaryFolder();
  write(join(state, "hotspare", "ephemeral", "clusters", "stuck", "cluster.json"), JSON.stringify(stuck));
  const { stdout, stderr, exitCode } = await ephemeral(state, "sweep", "--json");
  const why = expect.stringContaining("an ephemeral cluster can't stand");
  expect(JSON.parse(stdout)).toEqual({ removed: [], failed: [why] });
  expect([stderr, exitCode]).toEqual([why, exitCodes.failed]);
});

test("one that is gone already is no failure where a workflow says so", async () => {
  const state = temporaryFolder();
  const gone = await ephemeral(state, "down", "pr-1", "--if-there", "--json");
  expect([JSON.parse(gone.stdout), gone.exitCode]).toEqual([{ removed: [] }, exitCodes.ok]);
  expect((await ephemeral(state, "down", "pr-1")).exitCode).toBe(exitCodes.nothingThere);
});

test("what is to be replaced has a name", async () => {
  const { stderr, exitCode } = await ephemeral(temporaryFolder(), "up", "dev", "--replace");
  expect([stderr, exitCode]).toEqual([expect.stringContaining("--replace: of which?"), exitCodes.usage]);
});
