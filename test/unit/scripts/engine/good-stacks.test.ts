import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { goodStackBefore, lastGood, rememberGood } from "../../../../scripts/engine/good-stacks.ts";

let folder: string;
const before = process.env.XDG_STATE_HOME;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotspare-good-"));
  process.env.XDG_STATE_HOME = folder;
});
afterEach(() => {
  process.env.XDG_STATE_HOME = before;
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  rmSync(folder, { recursive: true, force: true });
});

const source = (release: number) => ({ input: { release }, images: {} });
const back = (release: number) => goodStackBefore("dev", source(release))?.input ?? null;

test("the way back leads to the last one that stood as planned, though a later one served", () => {
  rememberGood("dev", source(1));
  rememberGood("dev", source(2), false);
  expect(back(3)).toEqual({ release: 1 });
  expect(lastGood("dev")?.input).toEqual({ release: 1 });
});

test("where none stood as planned, it leads to the last in which anything served", () => {
  rememberGood("dev", source(1), false);
  rememberGood("dev", source(2), false);
  expect(back(3)).toEqual({ release: 2 });
  expect(goodStackBefore("dev", source(3))?.whole).toBe(false);
  expect(back(2)).toEqual({ release: 1 });
  expect(lastGood("dev")).toBeNull();
});

test("one that served and later stood as planned is known as whole", () => {
  rememberGood("dev", source(1), false);
  rememberGood("dev", source(1));
  expect(lastGood("dev")?.input).toEqual({ release: 1 });
  expect(back(1)).toBeNull();
});
