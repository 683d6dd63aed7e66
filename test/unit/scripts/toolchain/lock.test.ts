import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withLock } from "../../../../scripts/toolchain/lock.mjs";
import { temporaryFolder } from "../../../support/temporary.ts";

test("one at a time; a waiting one is told the owner's process id", async () => {
  const path = join(temporaryFolder(), "below", "x.lock");
  const events: string[] = [];
  const { promise, resolve: release } = Promise.withResolvers<void>();
  const first = withLock(path, () => promise);
  const second = withLock(
    path,
    () => events.push("second"),
    (pid) => events.push(`waits for ${pid}`),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(events).toEqual([`waits for ${process.pid}`]);
  release();
  await Promise.all([first, second]);
  expect(events.at(-1)).toBe("second");
  expect(existsSync(path)).toBe(false);
});

test.each(["999999999", String(process.pid), "nonsense", ""])(
  "a stale lock (%j) is taken over",
  async (content) => {
    const path = join(temporaryFolder(), "x.lock");
    writeFileSync(path, content);
    expect(await withLock(path, () => "done")).toBe("done");
  },
);

test("is free again after a failure", async () => {
  const path = join(temporaryFolder(), "x.lock");
  await expect(withLock(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await withLock(path, () => 1)).toBe(1);
});
