import { describe, expect, test } from "vitest";
import { parseHistory } from "../../../../scripts/history/read.ts";
import { historyText } from "../../../../scripts/history/words.ts";

/** An entry as `pulumi stack history --json` 3.274.1 prints it on a file backend, shortened. */
const recorded = {
  version: 0,
  kind: "update",
  startTime: "2026-11-25T03:23:40.000Z",
  message: "pool web: 3 → 5 active nodes\n\nBy: alice@build-7\nStack-Source: 1b30",
  environment: {
    "exec.kind": "cli",
    "git.dirty": "true",
    "git.head": "f6c657c0123456789f6c657c0123456789f6c657",
    "git.headName": "refs/heads/main",
    "pulumi.version": "v3.274.1",
  },
  config: {
    "hotspare:pw": { secret: true },
    "hotspare:size": { value: "2", secret: false },
    "hotspare:apiToken": { value: "tok-Zx81hAq02LmNvPq7", secret: false },
  },
  result: "succeeded",
  endTime: "2026-11-25T03:23:42.000Z",
  resourceChanges: { update: 2, create: 2, same: 17 },
};

describe("history", () => {
  test("says what, when, by whom, of which commit", () => {
    const [entry] = parseHistory(JSON.stringify([recorded]));
    expect(entry).toMatchObject({
      kind: "update",
      by: "alice@build-7",
      summary: ["pool web: 3 → 5 active nodes"],
      commit: { dirty: true, branch: "refs/heads/main" },
      changes: { create: 2, same: 17, update: 2 },
    });
    expect(historyText([entry].flatMap((one) => one ?? []))).toMatchInlineSnapshot(`
      "2026-11-25T03:23:40Z  up  alice@build-7  succeeded  2 s  commit f6c657c012 with changes
        2 resources made, 2 resources changed in place
        pool web: 3 → 5 active nodes"
    `);
  });

  test("hides secrets, marked or not, in settings and messages", () => {
    const leaking = { ...recorded, message: "rotate password=hunter2hunter2 for api" };
    const text = JSON.stringify(parseHistory(JSON.stringify([recorded, leaking])));
    expect(text).not.toMatch(/tok-Zx81|hunter2/);
    expect(text).toContain('"hotspare:size":"2"');
    expect(parseHistory(JSON.stringify([recorded]))[0]?.config["hotspare:pw"]).toBe("[hidden]");
  });

  test("of operations that others ran, that run or that were killed", () => {
    const { endTime: _, environment: __, ...bare } = recorded;
    const [entry] = parseHistory(
      JSON.stringify([{ ...bare, message: "", result: "in-progress", kind: "destroy" }]),
    );
    expect(entry).toMatchObject({ by: null, commit: null, endedAt: null, summary: [] });
    expect(historyText([entry].flatMap((one) => one ?? []))).toContain(
      "down  by an unknown hand  in-progress",
    );
  });

  test("that can't be understood is no crash", () => {
    expect(parseHistory("")).toEqual([]);
    expect(() => parseHistory("[{")).toThrow("can't be understood");
    expect(() => parseHistory('[{"kind":1}]')).toThrow("can't be understood");
  });
});
