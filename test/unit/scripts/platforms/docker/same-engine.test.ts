import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  forgetEngine,
  mustBeSameEngine,
  rememberEngine,
} from "../../../../../scripts/platforms/docker/same-engine.ts";

const engine = (ID: string, Name: string) => ({ info: async () => ({ ID, Name }) }) as unknown as Docker;
const [ours, other, nameless] = [engine("A:B", "build-1"), engine("C:D", "laptop"), engine("", "pod")];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotspare-engine-"));
  vi.stubEnv("XDG_STATE_HOME", folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("a stack is refused on another engine than the one that has it, with both hosts and the way out", async () => {
  await rememberEngine(ours, "dev");
  await mustBeSameEngine(ours, "dev");
  await expect(mustBeSameEngine(other, "dev")).rejects.toThrow(
    /^"dev" stands on the Docker Engine of build-1, and this is the one of laptop: .* Nothing was changed\. .* remove .*engines\/dev-/,
  );
});

test("a stack that this machine has never seen, or that is down, may be on any engine; other stacks are others", async () => {
  await mustBeSameEngine(other, "dev");
  await rememberEngine(ours, "dev");
  await mustBeSameEngine(other, "staging");
  forgetEngine("dev");
  await mustBeSameEngine(other, "dev");
});

test("an engine without an id is taken for any", async () => {
  await rememberEngine(ours, "dev");
  await mustBeSameEngine(nameless, "dev");
});
