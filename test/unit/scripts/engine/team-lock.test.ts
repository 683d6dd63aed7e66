import { describe, expect, test } from "vitest";
import { lockStack, longestReason, parseLock, tellLock } from "../../../../scripts/engine/team-lock.ts";

const lock = { by: "alice@desk", at: "2026-03-01T14:02:09.000Z", reason: "the fair" };

describe("a lock on a stack", () => {
  test("tells who, when and why", () => {
    expect(tellLock("dev", lock)).toBe('"dev" is locked by alice@desk since 2026-03-01 14:02 UTC (the fair)');
  });

  test("fits what a backend takes as a tag, also with the longest reason", () => {
    const longest = { ...lock, by: "x".repeat(80), reason: "x".repeat(longestReason) };
    expect(JSON.stringify(longest).length).toBeLessThanOrEqual(256);
  });

  test("that can't be read locks as well, and says what stands there without control characters", () => {
    expect(parseLock(JSON.stringify(lock))).toEqual(lock);
    for (const text of ["", "{", "null", '{"by":1}', "hands\u001b[31m off"]) {
      expect(parseLock(text)).toMatchObject({ by: "somebody" });
      expect(tellLock("dev", parseLock(text))).not.toContain("\u001b");
    }
  });

  test.each(["", "   ", "x".repeat(longestReason + 1)])(
    "needs a reason of a fitting length, not %j",
    async (reason) => {
      await expect(lockStack("dev", reason)).rejects.toThrow("--reason: say in 1 to 120 characters");
    },
  );

  test.each(['"'.repeat(longestReason), "\\".repeat(longestReason), "a\u0001b".repeat(40)])(
    "is refused where its reason doesn't fit as it is written down: %j",
    async (reason) => {
      await expect(lockStack("dev", reason)).rejects.toThrow("characters longer than a lock can be");
    },
  );
});
