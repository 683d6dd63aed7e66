import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { systemFailure } from "../../../scripts/system-failure.ts";

function failing(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("it should have failed");
}

describe("an error of the system", () => {
  test("of a full disk names the path and what to do", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device"), {
      code: "ENOSPC",
      path: "/cache/x",
    });
    expect(systemFailure(full)).toBe(
      "/cache/x: no space is left on its disk; free some, or name other places by XDG_CACHE_HOME and TMPDIR",
    );
  });

  test("of a full disk that the system doesn't name says what to do all the same", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    expect(systemFailure(full)).toMatch(
      /^a disk that is written to is full \(ENOSPC\); free some.*XDG_CACHE_HOME/,
    );
  });

  test("of a right that is missing names what to change", () => {
    const refused = Object.assign(new Error("EACCES"), { code: "EACCES", path: "/home/me/.local/state" });
    expect(systemFailure(refused)).toMatch(
      /^\/home\/me\/\.local\/state: this user may not use it; .*XDG_STATE_HOME/,
    );
  });

  test("that says nothing of a place is left as it is", () => {
    expect(systemFailure(failing(() => writeFileSync("/nonexistent/x", "")))).toBeNull();
    expect(systemFailure(Object.assign(new Error("connect EACCES"), { code: "EACCES" }))).toBeNull();
    expect(systemFailure("ENOSPC")).toBeNull();
  });
});
