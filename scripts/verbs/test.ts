import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, setPriority, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type Command, Option } from "commander";
import { execa } from "execa";
import { projectRoot } from "../../infra/context.ts";
import { exitCodes } from "../exit.ts";
import { platformOf } from "../platforms/select.ts";
import { say } from "../terminal.ts";
import { unhandledVariable } from "../tests/reporter.ts";
import { type Reports, type Results, resultsOf, summaryOf, toRunAgain } from "../tests/results.ts";
import { Progress } from "../toolchain/progress.ts";
import { readyMoto, readyPulumi } from "../toolchain/ready.ts";
import { lint } from "./lint.ts";

const tiers = ["unit", "component", "engine", "aws", "browser", "parsers", "live", "drills"];
/** Tiers that run only when they are named: they build images of whole applications. */
const askedFor = ["examples"];
/** Tiers that need neither an engine nor a platform, nor a stand-in for one. */
const pureTiers = ["unit", "component", "browser"];

export function registerTest(program: Command): void {
  program
    .command("test")
    .description(
      "Run every tier of tests; sets up what they need. Ends with `N passed, N failed, N skipped`.",
    )
    .argument("[filters...]", "paths or parts of paths; all tests when none is given")
    .addOption(new Option("--tier <name...>", "only these tiers").choices([...tiers, ...askedFor]))
    .action(test);
}

async function test(filters: string[], options: { tier?: string[] }): Promise<void> {
  await ready(options.tier);
  // What the linter finds fails the run at its end; a person wants to know about the tests as well.
  const clean = filters.length > 0 || options.tier !== undefined || (await passesLint());
  const folder = await mkdtemp(join(tmpdir(), "hotspare-test-"));
  try {
    const ended: Results[] = [];
    for (const runs of phasesOf(filters, options.tier)) {
      const starting = runs.map((run) =>
        start(run, filters, reportsIn(folder, run.tiers.join("-") || "all")),
      );
      ended.push(...(await Promise.all(starting)));
    }
    // Who named the tests looks at just these, and wants to see what they did.
    const failed = filters.length > 0 ? [] : toRunAgain(ended);
    summarize(ended, failed.length > 0 ? await runAgain(failed, folder) : null, clean);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs the files that failed once more, alone. */
async function runAgain(files: readonly string[], folder: string): Promise<Results> {
  const names = files.map((file) => relative(projectRoot, file));
  process.stderr.write(
    `hotspare: these failed, and run again with the machine to themselves: ${names.join(", ")}\n`,
  );
  // Of several tiers, which would start side by side.
  const run = { tiers: [], beside: false, args: ["--no-file-parallelism"] };
  return start(run, names, reportsIn(folder, "again"));
}

const reportsIn = (folder: string, name: string): Reports => ({
  results: join(folder, `${name}.json`),
  unhandled: join(folder, `${name}-unhandled.json`),
});

/** One run of the test program. */
interface Run {
  /** None named: all. */
  readonly tiers: readonly string[];
  /** Beside another run, with what processor that one leaves; what it prints comes when it has ended. */
  readonly beside: boolean;
  /** Further arguments of vitest. */
  readonly args?: readonly string[];
}

/**
 * The clusters of tier live mostly wait, one at a time, so all other tiers run beside them: together they take little longer than
 * the longer of both. Drills judge by milliseconds what a cluster did, so they have the machine to themselves, afterwards.
 */
function phasesOf(filters: readonly string[], asked: readonly string[] = []): Run[][] {
  if (filters.length > 0) return [[{ tiers: asked, beside: false }]];
  const chosen = asked.length === 0 ? tiers : asked;
  const live = chosen.filter((tier) => tier === "live");
  const drills = chosen.filter((tier) => tier === "drills");
  const others = chosen.filter((tier) => tier !== "live" && tier !== "drills");
  const phases: Run[][] = [
    [
      { tiers: live, beside: false },
      { tiers: others, beside: live.length > 0 },
    ],
    [{ tiers: drills, beside: false }],
  ];
  return phases.map((runs) => runs.filter((run) => run.tiers.length > 0)).filter((runs) => runs.length > 0);
}

async function start(
  { tiers: own, beside, args: further = [] }: Run,
  filters: readonly string[],
  reports: Reports,
): Promise<Results> {
  const args = [
    "run",
    ...own.flatMap((tier) => ["--project", tier]),
    ...(beside ? [`--maxWorkers=${Math.max(1, availableParallelism() - 1)}`] : []),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${reports.results}`,
    "--reporter=./scripts/tests/reporter.ts",
    ...further,
    ...filters,
  ];
  const env = { [unhandledVariable]: reports.unhandled };
  const common = { cwd: projectRoot, preferLocal: true, reject: false, env } as const;
  if (!beside) {
    const { exitCode } = await execa("vitest", args, { ...common, stdio: "inherit" });
    return resultsOf(exitCode ?? 1, reports);
  }
  process.stderr.write(
    `hotspare: tiers ${own.join(", ")} run beside, and are printed when they have ended\n`,
  );
  const running = execa("vitest", args, { ...common, stdin: "ignore", all: true });
  // 0 is the usual one, 19 the least.
  if (running.pid !== undefined) setPriority(running.pid, 15);
  const { exitCode, all } = await running;
  process.stdout.write(`${all}\n`);
  return resultsOf(exitCode ?? 1, reports);
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

/** The one line that a CI reads, and an exit code that no skipped test can hide behind. */
function summarize(runs: readonly Results[], again: Results | null, clean: boolean): void {
  const { passed, failed, skipped, passedAlone, isWhole } = summaryOf(runs, again);
  // Said at the end once more: a CI's log is long, and often cut.
  for (const run of again === null ? runs : [...runs, again]) {
    for (const { file, failures } of run.files)
      for (const failure of failures) say(`failed: ${relative(projectRoot, file)}: ${failure}`);
    for (const error of run.unhandled) say(`failed: outside all tests: ${error}`);
  }
  for (const file of passedAlone) say(`failed beside others, passed alone: ${relative(projectRoot, file)}`);
  say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (!clean || !isWhole) process.exitCode = exitCodes.failed;
}
