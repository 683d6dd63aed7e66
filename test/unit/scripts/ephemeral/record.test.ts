import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { after, ended, left, now } from "../../../../scripts/ephemeral/clock.ts";
import { killProcesses, processesOf } from "../../../../scripts/ephemeral/processes.ts";
import { dueFor } from "../../../../scripts/ephemeral/record.ts";
import { parseSpan } from "../../../../scripts/ephemeral/span.ts";
import { isAlive, markOf } from "../../../../scripts/processes.ts";

const clock = { wall: Date.parse("2026-01-01T00:00:00Z"), up: 1_000_000, boot: "a" };
const [alive, dead] = [() => true, () => false];

describe("the time of a cluster", () => {
  test("is counted from the machine's start, whatever the clock on the wall is set to", () => {
    const moment = after(60_000, clock);
    expect(ended(moment, { ...clock, wall: clock.wall + 86_400_000 })).toBe(false);
    expect(ended(moment, { ...clock, wall: clock.wall - 86_400_000, up: clock.up + 60_000 })).toBe(true);
  });

  test("goes on by the clock on the wall after another start of the machine", () => {
    const moment = after(60_000, clock);
    expect(left(moment, { wall: clock.wall + 20_000, up: 5, boot: "b" })).toBe(40_000);
    expect(ended(moment, { wall: clock.wall + 60_000, up: 5, boot: "b" })).toBe(true);
  });

  test.each([
    ["30m", 1_800_000],
    ["30 min", 1_800_000],
    ["1.5h", 5_400_000],
    ["10 s", 10_000],
    ["7d", 604_800_000],
  ])("%s is a time span", (text, milliseconds) => {
    expect(parseSpan(text)).toBe(milliseconds);
  });

  test.each(["0", "0s", "9s", "365d", "-5m", "soon", "", "5 weeks"])(
    "%j is refused, with the way out",
    (text) => {
      expect(() => parseSpan(text)).toThrow(/^--ttl: .*; e\.g\. 30m, 2h or 1d$/);
    },
  );
});

describe("a cluster is due", () => {
  const standing = { expires: after(60_000, clock), starter: null, holder: null, state: "ready" } as const;

  test("when its time is over, and not before", () => {
    expect(dueFor(standing, clock, alive)).toBeNull();
    expect(dueFor(standing, { ...clock, up: clock.up + 60_000 }, alive)).toBe("its time is over");
  });

  test("when the process ends that it belongs to", () => {
    const held = { ...standing, holder: { pid: 4711, start: "9", where: "here" } };
    expect(dueFor(held, clock, alive)).toBeNull();
    expect(dueFor(held, clock, dead)).toContain("process 4711");
  });

  test("when its removal has begun, so that what a killed one has left goes", () => {
    expect(dueFor({ ...standing, state: "going" }, clock, alive)).toContain("removal");
  });

  test("when whoever stands it up dies over it", () => {
    const starting = {
      ...standing,
      starter: { pid: 4711, start: "9", where: "here" },
      state: "starting",
    } as const;
    expect(dueFor(starting, clock, dead)).toContain("stood it up");
  });
});

describe("processes", () => {
  test("that have a cluster's folder in their environment are its own, and are ended; no others are", async () => {
    const folder = `/tmp/no-such-folder-of-josé-${process.pid}`;
    const start = (state: string) =>
      spawn("sleep", ["60"], { env: { ...process.env, XDG_STATE_HOME: state }, stdio: "ignore" });
    const [own, other] = [start(`${folder}/state`), start(`${folder}2/state`)];
    try {
      await Promise.all([once(own, "spawn"), once(other, "spawn")]);
      expect(processesOf(folder)).toEqual([own.pid]);
      const ending = once(own, "exit");
      expect(killProcesses(folder)).toBe(1);
      expect(await ending).toEqual([null, "SIGKILL"]);
      expect(other.exitCode).toBeNull();
    } finally {
      own.kill();
      other.kill();
    }
  });

  test("are not mistaken for a later one of the same number", async () => {
    const mark = markOf();
    expect(isAlive(mark)).toBe(true);
    expect(isAlive({ ...mark, start: "1" })).toBe(false);
    // Nobody can tell from here.
    expect(isAlive({ ...mark, start: "1", where: "another machine" })).toBe(true);
    const child = spawn("true", { stdio: "ignore" });
    await once(child, "spawn");
    const its = markOf(child.pid);
    await once(child, "exit");
    expect(isAlive(its)).toBe(false);
    expect(now().up).toBeGreaterThan(0);
  });
});
