import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { projectRoot } from "../../../../infra/project-root.ts";
import { createNew } from "../../../../scripts/ephemeral/create.ts";
import { fillPool } from "../../../../scripts/ephemeral/fill.ts";
import { forgetPools, pooled, wantPool } from "../../../../scripts/ephemeral/pool.ts";
import { names } from "../../../../scripts/ephemeral/store.ts";
import { Progress } from "../../../../scripts/toolchain/progress.ts";
import { stand } from "../../../support/ephemeral-records.ts";
import { withPool } from "../../../support/small.ts";
import { temporaryFolder } from "../../../support/temporary.ts";

vi.mock("../../../../scripts/ephemeral/create.ts", () => ({ createNew: vi.fn() }));
vi.mock("../../../../scripts/ephemeral/ground.ts", () => ({
  groundOf: async () => ({ pause: async () => undefined, remove: async () => 0 }),
}));

/** A folder of the project, with the file that the stack names. */
let project: string;
const write = (level: number) => writeFileSync(join(project, "app.env"), `LEVEL=${level}\n`);
const filling = { progress: new Progress({ write: () => undefined }), watch: { told: () => undefined } };

beforeEach(() => {
  vi.stubEnv("XDG_STATE_HOME", temporaryFolder());
  project = mkdtempSync(join(projectRoot, "node_modules", ".fill-"));
  write(1);
  vi.mocked(createNew)
    .mockReset()
    .mockImplementation(async () => made());
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(project, { recursive: true });
});

function want(size: number): string {
  const input = withPool({ environmentFiles: [relative(projectRoot, join(project, "app.env"))] });
  return wantPool({ stack: "demo", source: { input, images: { node: "one" } }, size, ttl: 60_000 });
}

const made = () => stand(`demo-${names().length}`);

test("a pool gets as many as are wanted", async () => {
  const kind = want(2);
  expect((await fillPool(kind, filling)).map(({ name }) => name)).toEqual(["demo-0", "demo-1"]);
  expect(createNew).toHaveBeenCalledTimes(2);
});

test("one that was made of files that have changed meanwhile goes, and no more are made", async () => {
  const kind = want(2);
  vi.mocked(createNew).mockImplementation(async () => {
    write(2);
    return made();
  });
  await expect(fillPool(kind, filling)).rejects.toThrow('files of "demo" have changed');
  await expect(fillPool(kind, filling)).rejects.toThrow('files of "demo" have changed');
  expect(createNew).toHaveBeenCalledTimes(1);
  expect(names()).toEqual([]);
});

test("of a pool that is forgotten those from before a change go too", async () => {
  const kind = want(1);
  await fillPool(kind, filling);
  write(2);
  for (const left of forgetPools("demo")) await fillPool(left, filling);
  expect([pooled(kind), names()]).toEqual([[], []]);
});
