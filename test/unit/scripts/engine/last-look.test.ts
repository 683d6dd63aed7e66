import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { forgetLook, lookAfter, lookBefore } from "../../../../scripts/engine/last-look.ts";

const home = mkdtempSync(join(tmpdir(), "hotspare-looks-"));
beforeEach(async () => {
  vi.stubEnv("XDG_STATE_HOME", home);
  await lookAfter("dev", { compares: true, seen: "as it was" }, same);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const resources = [{ urn: "urn:web-1", type: "docker:index/container:Container", id: "web-1", custom: true }];
const state = { resources, interrupted: false };
const same = async () => "as it was";
const another = async () => "another";
const gone = async () => {
  throw Object.assign(new Error("no such container"), { statusCode: 404 });
};

test("what stands as it did needs no comparison with the state", async () => {
  expect(await lookBefore("dev", state, undefined, same)).toEqual({ compares: false, seen: "as it was" });
});

test("neither does a state that has nothing, and of that nothing was seen", async () => {
  expect(await lookBefore("new", { resources: [], interrupted: true }, true, same)).toEqual({
    compares: false,
    seen: null,
  });
});

test("all else does: another thing there, a run that was cut off, a look that fails, nothing remembered", async () => {
  const compares = async (stack: string, more: object, standing?: () => Promise<string | null>) =>
    (await lookBefore(stack, { ...state, ...more }, undefined, standing)).compares;
  expect(await compares("dev", {}, another)).toBe(true);
  expect(await compares("dev", {}, async () => null)).toBe(true);
  expect(await compares("dev", {}, gone)).toBe(true);
  expect(await compares("dev", { interrupted: true }, same)).toBe(true);
  expect(await compares("dev", {})).toBe(true);
  expect(await compares("other", {}, same)).toBe(true);
  forgetLook("dev");
  expect(await compares("dev", {}, same)).toBe(true);
});

test("a person's word counts more", async () => {
  expect((await lookBefore("dev", state, true, same)).compares).toBe(true);
  expect(await lookBefore("other", state, false, same)).toEqual({ compares: false, seen: null });
});

test.each([
  ["made or changed, by the `up` or by somebody else meanwhile", "before", same],
  ["of which nothing was seen before", null, same],
  ["that can't be seen any more", "as it was", gone],
])("nothing is remembered of what was %s", async (_, seen, after) => {
  forgetLook("dev");
  await lookAfter("dev", { compares: true, seen }, after);
  expect((await lookBefore("dev", state, undefined, same)).compares).toBe(true);
});

test("where it can't be written nothing fails, and nothing stays that was remembered", async () => {
  vi.stubEnv("XDG_STATE_HOME", join(home, "full"));
  await lookAfter("dev", { compares: true, seen: "as it was" }, same);
  const looks = join(home, "full", "hotspare", "looks");
  const [file = ""] = readdirSync(looks);
  // In place of the file that is written first, so that the write fails.
  mkdirSync(join(looks, `${file}.${process.pid}`));
  await lookAfter("dev", { compares: true, seen: "as it was" }, same);
  expect((await lookBefore("dev", state, undefined, same)).compares).toBe(true);
});
