import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { execa } from "execa";
import { projectRoot } from "../../infra/context.ts";
import { exitCodes } from "../exit.ts";
import { platformOf } from "../platforms/select.ts";
import { say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";
import { readyMoto, readyPulumi } from "../toolchain/ready.ts";
import { lint } from "./lint.ts";

const tiers = ["unit", "component", "engine", "aws", "browser", "parsers", "live"];
/** Tiers that need neither an engine nor a platform, nor a stand-in for one. */
const pureTiers = ["unit", "component", "browser"];

export function registerTest(program: Command): void {
  program
    .command("test")
    .description(
      "Run every tier of tests; sets up what they need. Ends with `N passed, N failed, N skipped`.",
    )
    .argument("[filters...]", "paths or parts of paths; all tests when none is given")
    .addOption(new Option("--tier <name...>", "only these tiers").choices(tiers))
    .action(test);
}

async function test(filters: string[], options: { tier?: string[] }): Promise<void> {
  await ready(options.tier);
  // What the linter finds fails the run at its end; a person wants to know about the tests as well.
  const clean = filters.length > 0 || options.tier !== undefined || (await passesLint());
  const folder = await mkdtemp(join(tmpdir(), "hotspare-test-"));
  try {
    const report = join(folder, "report.json");
    const projects = (options.tier ?? []).flatMap((tier) => ["--project", tier]);
    const args = [
      "run",
      ...projects,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...filters,
    ];
    const { exitCode } = await execa("vitest", args, {
      cwd: projectRoot,
      preferLocal: true,
      stdio: "inherit",
      reject: false,
    });
    await summarize(report, clean ? (exitCode ?? 1) : exitCodes.failed);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Gets what the tiers that were asked for need, and no more; all of them when none was. */
async function ready(asked: readonly string[] | undefined): Promise<void> {
  const beyond = (known: readonly string[]) => asked?.some((tier) => !known.includes(tier)) ?? true;
  if (!beyond(pureTiers)) return;
  const progress = new Progress();
  const rest = beyond([...pureTiers, "engine", "aws"])
    ? platformOf().readyEngine(progress, null)
    : readyPulumi(progress);
  await Promise.all([rest, readyMoto(progress)]);
}

async function passesLint(): Promise<boolean> {
  try {
    await lint();
    return true;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return false;
  }
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/** The one line that a CI reads, and an exit code that no skipped test can hide behind. */
async function summarize(file: string, exitCode: number): Promise<void> {
  const report = JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as Partial<Report>;
  const { numPassedTests: passed = 0, numPendingTests = 0, numTodoTests = 0 } = report;
  // A file that failed outside its tests (while loading, or cleaning up) counts as one more.
  const broken = (report.testResults ?? []).filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((result) => result.status === "failed"),
  );
  const failed = (report.numFailedTests ?? 0) + broken.length;
  say(`${passed} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`);
  if (exitCode !== 0 || failed > 0 || passed === 0) process.exitCode = exitCodes.failed;
}
