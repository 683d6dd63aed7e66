import { readFile } from "node:fs/promises";

/** What the test program's JSON report says, as far as it is needed. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** What came of one file of tests. */
export interface FileResult {
  /** Absolute path. */
  readonly file: string;
  readonly passed: number;
  /** A file that failed outside its tests (while loading, or cleaning up) counts as one. */
  readonly failed: number;
  readonly skipped: number;
  /** The name of each test that failed, with the first line of what it says. */
  readonly failures: readonly string[];
}

/** What came of one run of the test program. */
export interface Results {
  readonly exitCode: number;
  /** Empty when the run ended before it could report. */
  readonly files: readonly FileResult[];
  /** The first line of what was thrown outside all tests, which fails a run whose tests passed. */
  readonly unhandled: readonly string[];
}

/** Where a run writes what came of it. */
export interface Reports {
  /** Vitest's JSON report. */
  readonly results: string;
  /** What reporter.ts writes. */
  readonly unhandled: string;
}

/** The results of a run that has ended, from the reports that it wrote. */
export async function resultsOf(exitCode: number, { results, unhandled }: Reports): Promise<Results> {
  const [text, errors] = await Promise.all([
    readFile(results, "utf8").catch(() => '{ "testResults": [] }'),
    readFile(unhandled, "utf8").catch(() => "[]"),
  ]);
  return {
    exitCode,
    files: (JSON.parse(text) as Report).testResults.map(fileResult),
    unhandled: (JSON.parse(errors) as string[]).map(firstLine),
  };
}

function fileResult({ name, status, message, assertionResults }: Report["testResults"][number]): FileResult {
  const count = (of: string) => assertionResults.filter((result) => result.status === of).length;
  const passed = count("passed");
  const failures = assertionResults
    .filter((result) => result.status === "failed")
    .map(({ fullName, failureMessages }) => `${fullName.trim()}: ${firstLine(failureMessages.join("\n"))}`);
  if (status === "failed" && failures.length === 0) failures.push(`outside its tests: ${firstLine(message)}`);
  return {
    file: name,
    passed,
    failed: failures.length,
    skipped: assertionResults.length - passed - count("failed"),
    failures,
  };
}

const firstLine = (text: string) => text.trim().split("\n", 1)[0] ?? "";

/** More failed files than these aren't the machine's load. */
const most = 6;

/**
 * The files that are run again with the machine to themselves: those that failed, when they are few and no run ended for any other
 * reason. Tiers run beside each other, so what fails may be a matter of processor time, and a second run alone tells.
 */
export function toRunAgain(runs: readonly Results[]): readonly string[] {
  const failed = runs.map(({ files }) => files.filter((file) => file.failed > 0));
  const isExplained = runs.every(
    ({ exitCode, unhandled }, index) =>
      unhandled.length === 0 && (exitCode === 0 || (failed[index] ?? []).length > 0),
  );
  const files = failed.flat().map(({ file }) => file);
  return isExplained && files.length <= most ? files : [];
}

/** Counts over all runs, and whether everything passed. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Files that failed beside others and passed alone. */
  readonly passedAlone: readonly string[];
  /** No test failed, each run had tests, and none ended badly without saying which. */
  readonly isWhole: boolean;
}

/** @param again - the second run of the files that failed; its results take the place of theirs */
export function summaryOf(runs: readonly Results[], again: Results | null): Summary {
  const second = new Map(again?.files.map((result) => [result.file, result]));
  const files = runs.flatMap((run) => run.files.map((result) => second.get(result.file) ?? result));
  const sum = (of: "passed" | "failed" | "skipped") => files.reduce((total, file) => total + file[of], 0);
  const all = again === null ? runs : [...runs, again];
  const failed = sum("failed") + all.flatMap(({ unhandled }) => unhandled).length;
  // A run without a test in it was not what was asked for.
  const hasTests = all.every((run) => run.files.some((file) => file.passed + file.failed > 0));
  const endedWell = again === null ? runs.every(({ exitCode }) => exitCode === 0) : again.exitCode === 0;
  return {
    passed: sum("passed"),
    failed,
    skipped: sum("skipped"),
    passedAlone: [...second.values()].filter(({ failed }) => failed === 0).map(({ file }) => file),
    isWhole: failed === 0 && hasTests && endedWell,
  };
}
