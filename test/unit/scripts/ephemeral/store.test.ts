import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { after, now } from "../../../../scripts/ephemeral/clock.ts";
import {
  abandoned,
  all,
  change,
  claimName,
  folderOf,
  isStill,
  known,
  removeFolder,
  unreadable,
} from "../../../../scripts/ephemeral/store.ts";
import { due } from "../../../../scripts/ephemeral/sweep.ts";
import { markOf } from "../../../../scripts/processes.ts";
import { stand } from "../../../support/ephemeral-records.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotspare-store-"));
  vi.stubEnv("XDG_STATE_HOME", folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("a name is given once, and is no path", () => {
  claimName("one");
  expect(() => claimName("one")).toThrow('--name: there is a cluster "one" already');
  for (const name of ["", "..", "a/b", "A", "1a", "x".repeat(33)])
    expect(() => claimName(name)).toThrow("--name:");
});

test("records that can't be read keep nobody from the others, and are told", () => {
  stand("good");
  stand("over", { expires: after(-1, now()) });
  for (const [name, text] of [
    ["broken", "{"],
    ["foreign", '{"schema":"hotspare.ephemeral/9"}'],
  ] as const) {
    mkdirSync(folderOf(name));
    writeFileSync(join(folderOf(name), "cluster.json"), text);
  }
  expect(all().map(({ name }) => name)).toEqual(["good", "over"]);
  expect(due().map(({ record: { name } }) => name)).toEqual(["over"]);
  expect(unreadable()).toEqual([
    expect.stringContaining("broken/cluster.json"),
    expect.stringContaining('"hotspare.ephemeral/9"'),
  ]);
  expect(() => known("foreign")).toThrow("another version of the kit");
});

test("a folder that is just being filled is nobody's to remove, and one whose maker has died is", () => {
  claimName("filling");
  claimName("left");
  writeFileSync(join(folderOf("left"), "claim.json"), JSON.stringify({ ...markOf(), start: "1" }));
  expect(abandoned()).toEqual(["left"]);
});

test("what is being removed is not extended, and a name that another cluster has by now is not the first one's", () => {
  stand("one");
  const first = known("one");
  change("one", { state: "going" });
  expect(() => change("one", { expires: after(60_000, now()) })).toThrow("just being removed");
  expect(isStill(first)).toBe(true);
  removeFolder("one");
  expect(isStill(first)).toBe(false);
  stand("one", { owner: "another" });
  expect(isStill(first)).toBe(false);
  expect(() => change("two", { state: "ready" })).toThrow(
    'there is no ephemeral cluster "two"; there are: one',
  );
});
