import type { Command } from "commander";
import { checkStack } from "../../components/model/define.ts";
import { counted } from "../../components/model/words.ts";
import { stackSource } from "../../infra/stack-source.ts";
import type { Interrupt } from "../engine/command.ts";
import { exclusively } from "../engine/exclusive.ts";
import { interruptible } from "../engine/interrupt.ts";
import { destroyStack } from "../engine/operations.ts";
import { type Changes, LockedError } from "../engine/stack.ts";
import { clusterInputs, forgetState, isOutside, keepState, stackState } from "../engine/state.ts";
import { refuseLocked } from "../engine/team-lock.ts";
import { exitCodes, UserError } from "../exit.ts";
import type {
  CommandPlatform,
  DownReport,
  DownWork,
  PlatformDown,
  StackWork,
} from "../platforms/contract.ts";
import { nothingKnown, platformByFile, platformByLabels, platformByState } from "../platforms/select.ts";
import { defaultStack } from "../stacks.ts";
import { ask, printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";
import { readyPulumi } from "../toolchain/ready.ts";

interface DownOptions {
  json?: boolean;
  yes?: boolean;
  volumes?: boolean;
}

export function registerDown(program: Command): void {
  program
    .command("down")
    .description("Remove all of a stack. What the state has lost is found by its labels.")
    .argument("[stack]", "name of the stack", defaultStack)
    .option("--volumes", "with the data that nodes keep in volumes, which otherwise stay")
    .option("--yes", "don't ask, not even for a protected stack")
    .option("--json", "print the result as one JSON document")
    .action(down);
}

async function down(stack: string, options: DownOptions): Promise<void> {
  const work = { stack, progress: new Progress(), volumes: options.volumes === true };
  if (work.volumes) await confirm(stack, `the data in the volumes of "${stack}" go for good`, options);
  const begun = await begin(work, options);
  const report = await exclusively(stack, work.progress, () => remove(work, begun));
  if (options.json) printJson(report.document);
  else say(report.sentence);
  if (report.left !== null) throw new UserError(report.left, exitCodes.degraded);
}

/**
 * Asks where a person has to be asked, and finds the platform. The state has the last word on it: a stack's file may be gone, or name
 * another platform than the one that it was brought up on.
 */
async function begin(work: DownWork, options: DownOptions): Promise<PlatformDown> {
  const { stack, progress } = work;
  const byFile = platformByFile(stack);
  const isProtected = byFile !== null && isProtectedByFile(stack);
  if (isProtected) await confirm(stack, `"${stack}" is protected`, options);
  // The platform first: nobody should wait for a toolchain to hear that it can't be reached.
  const begun = await byFile?.down(work);
  await readyPulumi(progress);
  const { resources = [] } = (await stackState(stack)) ?? {};
  const byState = platformByState(stack, resources, byFile);
  if (byFile !== null && begun !== undefined && (byState === null || byState === byFile)) {
    // What a file says counts from its next `up` on: an edit alone lifts no protection.
    if (!isProtected && clusterInputs(resources).protect === true)
      await confirm(
        stack,
        `"${stack}" was protected when it was brought up, and its file no longer says so`,
        options,
      );
    await begun.ready();
    return begun;
  }
  const platform = byState ?? (await platformByLabels(stack));
  if (platform === null) throw nothingKnown(stack);
  await confirm(stack, unexpected(work, byFile, platform, resources), options);
  const other = await platform.down(work);
  await other.ready();
  return other;
}

/** Why a person is asked about a stack that its file doesn't, or no longer, tells of. */
function unexpected(
  { stack }: StackWork,
  byFile: CommandPlatform | null,
  platform: CommandPlatform,
  resources: Parameters<typeof clusterInputs>[0],
): string {
  const file = byFile === null ? "is not in stacks/index.ts" : `is ${byFile.place} by stacks/index.ts`;
  const number = resources.filter(isOutside).length;
  const there =
    number === 0
      ? `things with its labels are ${platform.place}`
      : `its state holds ${counted(number, "resource")} ${platform.place}`;
  const guarded = clusterInputs(resources).protect === true ? ", and it is protected" : "";
  return `"${stack}" ${file}, but ${there}${guarded}`;
}

async function confirm(stack: string, why: string, { yes }: DownOptions): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw new UserError(`${why}; say --yes to remove it`, exitCodes.usage);
  const answer = await ask(`${why}. Type its name to remove it: `);
  if (answer !== stack) throw new UserError("nothing was removed", exitCodes.interrupted);
}

/** A stack that can't be loaded any more can still be removed; what it says of protection counts all the same. */
function isProtectedByFile(stack: string): boolean {
  const input = stackSource(stack)?.input;
  return checkStack(input).spec?.protect ?? (input as { protect?: unknown } | undefined)?.protect === true;
}

/** Alone on the stack: removes it, by the engine where the state knows it, and by what the platform finds without one. */
async function remove(work: StackWork, begun: PlatformDown): Promise<DownReport> {
  const [state] = await Promise.all([stackState(work.stack), refuseLocked(work.stack, "remove it")]);
  const before = await begun.beforeDestroy(state?.resources ?? null);
  if (state === null) return begun.finish({ changes: null, removed: before });
  const changes = await interruptible((interrupt) => destroy(work, begun, interrupt));
  return begun.finish({ changes, removed: before || changes === null || changes.changed });
}

/** Null where the engine gave up and the platform has removed the rest. */
async function destroy(work: StackWork, begun: PlatformDown, interrupt: Interrupt): Promise<Changes | null> {
  const watching = new AbortController();
  let watched: Promise<void> | undefined;
  try {
    return await destroyStack({ ...work, interrupt }, () => {
      watched = begun.whileDestroying?.(watching.signal);
    });
  } catch (error) {
    // Neither a person's Ctrl-C nor somebody else at work is a reason to go on by force.
    const isOrderly =
      error instanceof LockedError ||
      (error instanceof UserError && error.exitCode === exitCodes.interrupted);
    if (isOrderly || begun.removeByForce === undefined) throw error;
    await removeByForce(work, begun.removeByForce, error as Error);
    return null;
  } finally {
    watching.abort();
    await watched;
  }
}

/**
 * Where the engine fails (things that are gone already, a half-made stack), the platform removes what it finds, and the state is emptied:
 * but only once it describes nothing any more, and never without a copy.
 */
async function removeByForce(
  { stack, progress }: StackWork,
  force: NonNullable<PlatformDown["removeByForce"]>,
  failure: Error,
): Promise<void> {
  progress.note(
    `The engine could not remove everything (${failure.message.split("\n")[0]}); going by the labels.`,
  );
  const file = await keepState(stack);
  const left = await force((await stackState(stack))?.resources ?? []);
  if (left.length > 0) {
    const urns = left.map(({ urn, id }) => `${urn.split("::").at(-1)} (${id ?? "no id"})`);
    throw new UserError(
      `${failure.message}\n"${stack}" still has ${counted(left.length, "resource")}: ${urns.join(", ")}. The state is as it was, with a copy in ${file}; fix what the engine names and run \`./hotspare down ${stack}\` again`,
    );
  }
  progress.note(`Emptying the state, which describes nothing any more; a copy is in ${file}`);
  await forgetState(stack);
}
