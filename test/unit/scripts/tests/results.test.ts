import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type FileResult,
  type Results,
  resultsOf,
  summaryOf,
  toRunAgain,
} from "../../../../scripts/tests/results.ts";

const file = (name: string, passed: number, failed = 0, skipped = 0): FileResult => ({
  file: name,
  passed,
  failed,
  skipped,
  failures: Array.from({ length: failed }, (_, index) => `test ${index + 1}: expected 1 to be 2`),
});

const run = (exitCode: number, ...files: FileResult[]): Results => ({ exitCode, files, unhandled: [] });

describe("the results of a run", () => {
  it("count a file that failed outside its tests as one failed test", async () => {
    const folder = await mkdtemp(join(tmpdir(), "results-"));
    let failed = 0;
    const tests = (...statuses: string[]) =>
      statuses.map((status) => ({
        fullName: status === "failed" ? ` test ${++failed}` : " test",
        status,
        failureMessages: status === "failed" ? ["expected 1 to be 2\nat line 3"] : [],
      }));
    const testResults = [
      {
        name: "/a",
        status: "passed",
        message: "",
        assertionResults: tests("passed", "skipped", "todo", "pending"),
      },
      { name: "/b", status: "failed", message: "", assertionResults: tests("passed", "failed", "failed") },
      { name: "/c", status: "failed", message: "no engine\nat line 1", assertionResults: tests("passed") },
      { name: "/d", status: "failed", message: "", assertionResults: [] },
    ];
    const reports = { results: join(folder, "report.json"), unhandled: join(folder, "unhandled.json") };
    await writeFile(reports.results, JSON.stringify({ testResults }));
    expect(await resultsOf(1, reports)).toEqual(
      run(
        1,
        file("/a", 1, 0, 3),
        file("/b", 1, 2),
        { ...file("/c", 1, 1), failures: ["outside its tests: no engine"] },
        { ...file("/d", 0, 1), failures: ["outside its tests: "] },
      ),
    );
    expect(await resultsOf(1, { results: join(folder, "none"), unhandled: join(folder, "none") })).toEqual(
      run(1),
    );
    await writeFile(reports.unhandled, JSON.stringify(["nobody caught it\nat line 1"]));
    expect((await resultsOf(1, reports)).unhandled).toEqual(["nobody caught it"]);
    await rm(folder, { recursive: true });
  });
});

describe("files that run again", () => {
  it("are those that failed", () => {
    expect(toRunAgain([run(1, file("/a", 3), file("/b", 2, 1)), run(0, file("/c", 1))])).toEqual(["/b"]);
    expect(toRunAgain([run(0, file("/a", 3))])).toEqual([]);
  });

  it("are none when a run ended badly without a failed test, when something was thrown outside all tests, or when many failed", () => {
    expect(toRunAgain([{ ...run(1, file("/b", 2, 1)), unhandled: ["nobody caught it"] }])).toEqual([]);
    expect(toRunAgain([run(1, file("/a", 3)), run(1, file("/b", 2, 1))])).toEqual([]);
    expect(toRunAgain([run(137), run(1, file("/b", 2, 1))])).toEqual([]);
    const many = Array.from({ length: 7 }, (_, index) => file(`/${index}`, 1, 1));
    expect(toRunAgain([run(1, ...many)])).toEqual([]);
    expect(toRunAgain([run(1, ...many.slice(1))])).toHaveLength(6);
  });
});

describe("the summary", () => {
  it("adds the runs up", () => {
    const runs = [run(0, file("/a", 3, 0, 2)), run(0, file("/b", 1))];
    expect(summaryOf(runs, null)).toEqual({
      passed: 4,
      failed: 0,
      skipped: 2,
      passedAlone: [],
      isWhole: true,
    });
  });

  it("takes the second result of a file, and names it when it passed", () => {
    const runs = [run(1, file("/a", 3), file("/b", 2, 1)), run(1, file("/c", 0, 2))];
    const again = run(1, file("/b", 3), file("/c", 1, 1));
    expect(summaryOf(runs, again)).toEqual({
      passed: 7,
      failed: 1,
      skipped: 0,
      passedAlone: ["/b"],
      isWhole: false,
    });
    const well = run(0, file("/b", 3), file("/c", 2));
    expect(summaryOf(runs, well)).toMatchObject({
      passed: 8,
      failed: 0,
      passedAlone: ["/b", "/c"],
      isWhole: true,
    });
  });

  it.each([
    ["a run without a test in it", [run(0, file("/a", 1)), run(0)], null],
    ["a run that ended badly without saying why", [run(1, file("/a", 1))], null],
    ["an error outside all tests", [{ ...run(1, file("/a", 1)), unhandled: ["nobody caught it"] }], null],
    ["a second run that didn't report", [run(1, file("/a", 1), file("/b", 0, 1))], run(1)],
    ["a second run that ended badly", [run(1, file("/b", 0, 1))], run(1, file("/b", 1))],
    ["a file that failed and didn't run again", [run(1, file("/b", 1, 1))], null],
  ])("isn't whole with %s", (_, runs, again) => {
    expect(summaryOf(runs, again).isWhole).toBe(false);
  });
});
