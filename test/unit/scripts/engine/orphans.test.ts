import { spawn } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { orphansOf } from "../../../../scripts/engine/orphans.ts";

/*
 * Programs with the names of an engine and its provider: the parent of one is no engine, that of the other is.
 */

let folder: string;
const started: { kill: () => void }[] = [];
const backend = `file:///tmp/backend-of-${process.pid}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hotspare-orphans-"));
  await copyFile("/bin/sleep", join(folder, "pulumi-resource-docker"));
  await writeFile(join(folder, "pulumi"), `#!/bin/sh\n${folder}/pulumi-resource-docker 60\n`, {
    mode: 0o755,
  });
});

afterAll(async () => {
  for (const process of started) process.kill();
  await rm(folder, { recursive: true, force: true });
});

const start = (program: string, args: string[], url: string) => {
  const env = { ...process.env, PULUMI_BACKEND_URL: url };
  const running = spawn(join(folder, program), args, { env, stdio: "ignore", detached: true });
  started.push({ kill: () => running.pid !== undefined && process.kill(-running.pid, "SIGKILL") });
  return running.pid;
};

test("a provider is an orphan when its engine is gone, and never one of another backend or of an engine that runs", async () => {
  const orphan = start("pulumi-resource-docker", ["60"], backend);
  start("pulumi-resource-docker", ["60"], `${backend}-of-somebody-else`);
  start("pulumi", [], backend);
  await expect.poll(() => orphansOf(backend), { timeout: 5000 }).toEqual([orphan]);
  // The engine's own provider runs by now, and is none.
  await sleep(500);
  expect(orphansOf(backend)).toEqual([orphan]);
});
