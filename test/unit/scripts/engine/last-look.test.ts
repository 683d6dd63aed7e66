import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { mustCompare, rememberLook } from "../../../../scripts/engine/last-look.ts";

const home = mkdtempSync(join(tmpdir(), "hotspare-looks-"));
beforeEach(() => {
  vi.stubEnv("XDG_STATE_HOME", home);
  rememberLook("dev", "as it was left");
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const resources = [{ urn: "urn:web-1", type: "docker:index/container:Container", id: "web-1", custom: true }];
const state = { resources, interrupted: false };
const same = async () => "as it was left";

test("what stands as the last up left it needs no comparison with the state", async () => {
  expect(await mustCompare("dev", state, undefined, same)).toBe(false);
});

test("neither does a state that has nothing", async () => {
  expect(await mustCompare("new", { resources: [], interrupted: true }, true)).toBe(false);
});

test("all else does: another thing there, a run that was cut off, a platform that can't tell, nothing remembered", async () => {
  expect(await mustCompare("dev", state, undefined, async () => "another")).toBe(true);
  expect(await mustCompare("dev", state, undefined, async () => null)).toBe(true);
  expect(await mustCompare("dev", { ...state, interrupted: true }, undefined, same)).toBe(true);
  expect(await mustCompare("dev", state, undefined)).toBe(true);
  expect(await mustCompare("other", state, undefined, same)).toBe(true);
  rememberLook("dev", null);
  expect(await mustCompare("dev", state, undefined, same)).toBe(true);
});

test("a person's word counts more", async () => {
  expect(await mustCompare("dev", state, true, same)).toBe(true);
  expect(await mustCompare("other", state, false)).toBe(false);
});
