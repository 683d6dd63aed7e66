import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../../../infra/context.ts";
import { engineRuns, recordedRun, recordedRuns } from "../../../support/engine-runs.ts";
import { readState, stateIndex, writeState } from "../../../support/record-engine-runs/states.ts";

/* The recordings are for everybody: nothing of the machine and the person that made them may be in one. */

const text = (name: string) => {
  const { events, state } = recordedRun(name);
  return `${events.join("\n")}\n${JSON.stringify(state)}`;
};

test("there are enough of them", () => {
  expect(recordedRuns.length).toBeGreaterThanOrEqual(40);
});

describe("the states that they began with", () => {
  test("stand once each, and every recording has one", () => {
    const files = readdirSync(join(engineRuns, "states"));
    const texts = files.map((file) => readFileSync(join(engineRuns, "states", file), "utf8"));
    expect(new Set(texts).size).toBe(texts.length);
    const index = stateIndex(engineRuns);
    expect(Object.keys(index)).toEqual(recordedRuns);
    expect([...new Set(Object.values(index))].map((id) => `${id}.json`).sort()).toEqual(files.sort());
  });

  test("are recorded so, and one that nobody has any more goes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hotspare-states-"));
    try {
      for (const name of ["b", "a"]) await writeState(folder, name, "one\n");
      expect(readdirSync(join(folder, "states"))).toHaveLength(1);
      expect(Object.keys(stateIndex(folder))).toEqual(["a", "b"]);
      await writeState(folder, "a", "two\n");
      expect(readdirSync(join(folder, "states"))).toHaveLength(2);
      await writeState(folder, "b", "two\n");
      expect(readdirSync(join(folder, "states"))).toHaveLength(1);
      expect(readState(folder, "b")).toBe("two\n");
      expect(() => readState(folder, "c")).toThrow("no state of c");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
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
