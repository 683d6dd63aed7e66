import { homedir, hostname, tmpdir, userInfo } from "node:os";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../../../infra/context.ts";
import { recordedRun, recordedRuns } from "../../../support/engine-runs.ts";

/* The recordings are for everybody: nothing of the machine and the person that made them may be in one. */

const text = (name: string) => {
  const { events, state } = recordedRun(name);
  return `${events.join("\n")}\n${JSON.stringify(state)}`;
};

test("there are enough of them", () => {
  expect(recordedRuns.length).toBeGreaterThanOrEqual(40);
});

describe.each(recordedRuns)("%s", (name) => {
  const recording = text(name);

  test("names no folder, machine or person", () => {
    const own = [projectRoot, homedir(), hostname(), `${userInfo().username}@`, `${tmpdir()}/`];
    expect(own.filter((part) => recording.includes(part))).toEqual([]);
    // Folders of whoever recorded it, on whatever machine this runs.
    expect(recording).not.toMatch(/(^|[^\w.-])\/(root|Users|work|tmp|home\/(?!person))\//);
  });

  test("bears no time", () => {
    expect(recording.match(/"timestamp":(?!0\b)\d+/)).toBeNull();
    expect(recording.match(/"durationSeconds":(?!0\b)\d+/)).toBeNull();
  });

  test("holds no secret of a state", () => {
    expect(recording).not.toMatch(/"ciphertext":"(?!\[secret\])|"encryptionsalt"/);
  });
});
