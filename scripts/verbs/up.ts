import type { Command } from "commander";
import { stackIds } from "../../infra/stack-source.ts";
import { summary } from "../engine/changes.ts";
import type { Interrupt } from "../engine/command.ts";
import { exclusively } from "../engine/exclusive.ts";
import { rememberGood } from "../engine/good-stacks.ts";
import { interruptible } from "../engine/interrupt.ts";
import { forgetLook, type Look, lookAfter, lookBefore } from "../engine/last-look.ts";
import { upStack } from "../engine/operations.ts";
import { refuseRenames, refuseStackRename } from "../engine/renames.ts";
import { mustHaveSecrets } from "../engine/secrets.ts";
import { type Changes, makeStack } from "../engine/stack.ts";
import { type StackState, stackState } from "../engine/state.ts";
import { refuseLocked } from "../engine/team-lock.ts";
import { exitCodes, UserError } from "../exit.ts";
import { knownHistory, tellUp } from "../history/summary.ts";
import { showWork } from "../live/at-work.ts";
import type { CommandPlatform, PlatformUp, StackWork, StatusReport } from "../platforms/contract.ts";
import { platformOfKnown } from "../platforms/select.ts";
import { applySaved, checkCircumstances } from "../review/saved/apply.ts";
import { readSavedPlan, type SavedPlan } from "../review/saved/document.ts";
import { trustedKeys } from "../review/saved/signature.ts";
import { defaultStack, recordOf, specOf } from "../stacks.ts";
import { noteWarnings, printJson, say } from "../terminal.ts";
import { printTimings, type TimingsOptions } from "../timings/print.ts";
import { Progress } from "../toolchain/progress.ts";
import { readyPulumi } from "../toolchain/ready.ts";
import { visibleLine } from "../visible.ts";

/** Options of `up`. */
export interface UpOptions extends TimingsOptions {
  readonly json?: boolean;
  /** Whether the state is compared with what really runs; left out: where anything there is another than when it was last compared. */
  readonly refresh?: boolean;
  /** File of a saved plan. */
  readonly plan?: string;
}

export function registerUp(program: Command): void {
  program
    .command("up")
    .description("Stand a stack up, or bring it to what its file says. Sets up what is missing first.")
    .argument("[stack]", "name in stacks/index.ts", defaultStack)
    .option("--json", "print the result as one JSON document")
    .option(
      "--refresh",
      "compare the state with all that really runs, also where nothing of it seems changed",
    )
    .option(
      "--no-refresh",
      "trust the state instead of looking at what really runs (quicker; repairs nothing)",
    )
    .option(
      "--plan <file>",
      "do exactly what `./hotspare review <stack> --save <file>` stored, or refuse with exit code 14 before any change",
    )
    .option("--timings", "tell where the seconds went")
    .option("--html <file>", "the same as a picture")
    .action(up);
}

/** Brings a stack to what its source says. */
export async function up(stack: string, options: UpOptions): Promise<void> {
  const platform = platformOfKnown(stack);
  specOf(stack);
  const work = { stack, progress: new Progress() };
  const shown = showWork(stack, "up", work.progress);
  try {
    await bring(platform, work, options);
  } finally {
    shown.end();
  }
}

async function bring(platform: CommandPlatform, work: StackWork, options: UpOptions): Promise<void> {
  const { stack } = work;
  const saved = options.plan === undefined ? null : readSavedPlan(options.plan, trustedKeys());
  const begun = await platform.up(work);
  mustHaveSecrets(stack);
  if (saved !== null) {
    await readyPulumi(work.progress);
    await checkCircumstances(saved, stack);
  }
  await begun.ready();
  noteWarnings(work.progress, begun.plan);

  const { changes, look } = await interruptible((interrupt) =>
    exclusively(stack, work.progress, () => change(work, begun, options, saved, interrupt)),
  ).catch(async (error: unknown) => {
    for (const reason of (await begun.whyFailed?.()) ?? []) work.progress.note(visibleLine(reason));
    throw error;
  });
  const report = await begun.settle();
  const whole = report.findings.length === report.passing.length;
  if (whole) await lookAfter(stack, look, begun.standing);
  printTimings(`./hotspare up ${stack}`, options);
  if (options.json) printJson({ ...report.document, changes: changes.counts });
  else tell(stack, report, changes, begun.next);
  rememberGood(stack, recordOf(stack), whole);
  if (!whole) {
    throw new UserError(
      `The cluster serves, but not as planned: ${report.findings.join("; ")}.`,
      exitCodes.degraded,
    );
  }
}

const unseen: Look = { compares: false, seen: null };

async function change(
  { stack, progress }: StackWork,
  begun: PlatformUp,
  options: UpOptions,
  saved: SavedPlan | null,
  interrupt: Interrupt,
): Promise<{ changes: Changes; look: Look }> {
  // All that the backend is asked, at once: each question is a start of the CLI.
  const [known, history] = await Promise.all([
    stackState(stack),
    saved === null ? knownHistory(stack) : null,
    refuseLocked(stack, "change it"),
  ]);
  const state: StackState = known ?? { resources: [], interrupted: false };
  const { resources } = state;
  refuseRenames(begun.plan, resources);
  if (resources.length === 0) await refuseStackRename(stack, begun.plan, stackIds());
  // What was reviewed is done and nothing else: not even leftovers go that the review didn't name.
  if (saved !== null) {
    forgetLook(stack);
    return { changes: await applySaved(saved, { progress, interrupt }), look: unseen };
  }
  if (known === null) await makeStack(stack);
  await begun.beforeEngine(state);
  const told = tellUp(stack, known === null ? [] : history);
  const look = await lookBefore(stack, state, options.refresh, begun.standing);
  forgetLook(stack);
  return { changes: await upStack({ stack, progress, interrupt }, look.compares, told), look };
}

function tell(stack: string, report: StatusReport, changes: Changes, next: readonly string[]): void {
  say(`\n${report.picture}\n`);
  say(`${summary(changes)}\n\n${report.urls}\n`);
  for (const finding of report.passing) say(`! ${visibleLine(finding)}`);
  say(`Next: ${next.map((verb) => `./hotspare ${verb} ${stack}`).join("   ")}`);
}
