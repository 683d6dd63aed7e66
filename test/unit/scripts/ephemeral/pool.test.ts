import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { projectRoot } from "../../../../infra/project-root.ts";
import { after, now } from "../../../../scripts/ephemeral/clock.ts";
import {
  forgetPools,
  kindOf,
  pooled,
  poolOf,
  takeFromPool,
  wantPool,
} from "../../../../scripts/ephemeral/pool.ts";
import type { EphemeralRecord } from "../../../../scripts/ephemeral/record.ts";
import { known } from "../../../../scripts/ephemeral/store.ts";
import { stand } from "../../../support/ephemeral-records.ts";
import { small, withPool } from "../../../support/small.ts";

/* That one is taken and answers at once is tried in test/live/ephemeral.test.ts. */

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotspare-pool-"));
  vi.stubEnv("XDG_STATE_HOME", folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const source = (fields: Record<string, unknown> = {}) => ({ input: small(fields), images: null });

const standPaused = (name: string, fields: Partial<EphemeralRecord>) =>
  stand(name, { pooled: "kind", state: "paused", ...fields });

const taking = { ttl: 60_000, heldByThis: true };

test("one stands in for another only with the same stack and the same images", () => {
  const kind = kindOf("demo", source());
  expect(kindOf("demo", source())).toBe(kind);
  expect(kindOf("demo", source({ balancer: { kind: "nginx", count: 1 } }))).not.toBe(kind);
  expect(kindOf("demo", { ...source(), images: { node: "another" } })).not.toBe(kind);
});

test("one stands in for another only with files of the same content", () => {
  const project = mkdtempSync(join(projectRoot, "node_modules", ".pool-"));
  onTestFinished(() => rmSync(project, { recursive: true }));
  const file = join(project, "app.env");
  for (const given of [
    { environmentFiles: [relative(projectRoot, file)] },
    { files: { "/etc/app.env": { content: { file: relative(projectRoot, file) } } } },
  ]) {
    const wanted = { input: withPool(given), images: { node: "one" } };
    writeFileSync(file, "LEVEL=1\n");
    const kind = kindOf("demo", wanted);
    expect(kindOf("demo", wanted)).toBe(kind);
    writeFileSync(file, "LEVEL=2\n");
    expect(kindOf("demo", wanted)).not.toBe(kind);
  }
});

test("a pool is as large as was said last", () => {
  const pool = { stack: "demo", source: source(), size: 2, ttl: 60_000 };
  const kind = wantPool(pool);
  expect(poolOf(kind)).toEqual(pool);
  expect(wantPool({ ...pool, size: 1 })).toBe(kind);
  expect(poolOf(kind)?.size).toBe(1);
});

test("all pools of a stack are forgotten at once, whatever it came to then, and no other stack's", () => {
  expect(forgetPools("demo")).toEqual([]);
  const pool = { stack: "demo", source: source(), size: 2, ttl: 60_000 };
  const kinds = [wantPool(pool), wantPool({ ...pool, source: source({ pools: { web: { active: 3 } } }) })];
  const other = wantPool({ ...pool, source: source({ name: "other" }) });
  standPaused("left", { pooled: "a kind without a pool" });
  standPaused("theirs", { pooled: "another stack's", stack: "other" });
  expect(forgetPools("demo").sort()).toEqual([...kinds, "a kind without a pool"].sort());
  expect(kinds.map(poolOf)).toEqual([null, null]);
  expect(poolOf(other)).not.toBeNull();
});

test("only those that are paused and that nobody has are in it", () => {
  standPaused("free", {});
  standPaused("taken", { pooled: null });
  standPaused("other", { pooled: "another kind" });
  standPaused("made", { state: "ready" });
  expect(pooled("kind").map(({ name }) => name)).toEqual(["free"]);
});

test("one whose time is over isn't taken", async () => {
  standPaused("old", { expires: after(-1, now()) });
  expect(await takeFromPool("kind", taking)).toBeNull();
  expect(known("old").pooled).toBe("kind");
});

test("one that can't go on is left to the reaper, and whoever wanted it gets a new one", async () => {
  standPaused("lost", {});
  expect(await takeFromPool("kind", taking)).toBeNull();
  expect(known("lost").state).toBe("going");
});
