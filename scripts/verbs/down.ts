import type { Command } from "commander";
import type Docker from "dockerode";
import { checkStack } from "../../components/model/define.ts";
import { counted } from "../../components/model/words.ts";
import { dockerTransport } from "../../components/platform/docker/transport.ts";
import { holdLease } from "../../components/platform/planned/lease.ts";
import { stackSource } from "../../infra/stack-source.ts";
import { type Interrupt, pulumi } from "../engine/command.ts";
import { exclusively } from "../engine/exclusive.ts";
import { interruptible } from "../engine/interrupt.ts";
import { destroyStack } from "../engine/operations.ts";
import { explain, LockedError, stackExists } from "../engine/stack.ts";
import { exitCodes, UserError } from "../exit.ts";
import { runningDocker } from "../platforms/docker/connect.ts";
import { removeAllLeftovers } from "../platforms/docker/leftovers.ts";
import { sweep, sweepDrill, sweptCount } from "../platforms/docker/sweep.ts";
import { listContainers, type Ownership, ownershipLabels } from "../platforms/docker/view.ts";
import { currentOwner, defaultStack, groundOf } from "../stacks.ts";
import { ask, printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";
import { readyPulumi } from "../toolchain/ready.ts";

interface DownOptions {
  json?: boolean;
  yes?: boolean;
}

export function registerDown(program: Command): void {
  program
    .command("down")
    .description("Remove all of a stack. What the state has lost is found by its labels.")
    .argument("[stack]", "name of the stack", defaultStack)
    .option("--yes", "don't ask, not even for a protected stack")
    .option("--json", "print the result as one JSON document")
    .action(down);
}

async function down(stack: string, options: DownOptions): Promise<void> {
  await confirmProtected(stack, options);
  if (groundOf(stack) === "aws") return (await import("../platforms/aws/down.ts")).downOnAws(stack, options);
  const progress = new Progress();
  // Docker first: nobody should wait for a toolchain to hear that Docker is away.
  const docker = await runningDocker();
  await readyPulumi(progress);
  const ownership = { owner: currentOwner(), stack };
  const before = (await listContainers(docker, ownership)).length;

  const { removed, swept } = await exclusively(stack, progress, async () => {
    // Else a warden could start again what is just being stopped.
    await holdLease(
      dockerTransport(docker),
      ownershipLabels(ownership),
      `npm run down (process ${process.pid})`,
    );
    const drills = await sweepDrill(docker, ownership);
    if (drills.length > 0) progress.note(`Ended a drill: removed its load, ${drills.join(", ")}`);
    const known = await stackExists(stack);
    const removed = known
      ? await interruptible((interrupt) => destroy(stack, docker, ownership, progress, interrupt))
      : false;
    return { removed, swept: await sweep(docker, ownership) };
  });
  if (!removed && sweptCount(swept) === 0) {
    throw new UserError(
      `nothing of the stack "${stack}" is there, neither in the state nor on the Docker Engine`,
      exitCodes.nothingThere,
    );
  }
  if (options.json) printJson({ stack, removedContainers: before, sweptByLabel: swept });
  else say(`Removed ${counted(before, "container")} of "${stack}", its network and its volumes.`);
}

/**
 * Destroys by the engine; tells whether there was anything. Where that fails (things that are gone already, a half-made
 * stack), the labels find what is there, and the state is emptied afterwards: it then describes nothing.
 */
async function destroy(
  stack: string,
  docker: Docker,
  ownership: Ownership,
  progress: Progress,
  interrupt: Interrupt,
): Promise<boolean> {
  try {
    const swept = await removeAllLeftovers({ docker, stack, owner: ownership.owner, progress });
    const { changed } = await destroyStack({ stack, progress, interrupt });
    return changed || swept;
  } catch (error) {
    // Neither a person's Ctrl-C nor somebody else at work is a reason to go by the labels.
    if (
      error instanceof LockedError ||
      (error instanceof UserError && error.exitCode === exitCodes.interrupted)
    )
      throw error;
    progress.note(
      `The engine could not remove everything (${(error as Error).message.split("\n")[0]}); going by the labels.`,
    );
    await sweep(docker, ownership);
    const removed = await pulumi(["stack", "rm", "--force", "--yes", "--preserve-config", stack]);
    if (removed.exitCode !== 0)
      throw new UserError(`the state of "${stack}" could not be emptied: ${explain(removed)}`);
    return true;
  }
}

async function confirmProtected(stack: string, options: DownOptions): Promise<void> {
  if (options.yes || !isProtected(stack)) return;
  if (!process.stdin.isTTY) {
    throw new UserError(`"${stack}" is protected; say --yes to remove it`, exitCodes.usage);
  }
  const answer = await ask(`"${stack}" is protected. Type its name to remove it: `);
  if (answer !== stack) throw new UserError("nothing was removed", exitCodes.interrupted);
}

/** A stack that can't be loaded any more can still be removed; what it says of protection counts all the same. */
function isProtected(stack: string): boolean {
  const input = stackSource(stack)?.input;
  return checkStack(input).spec?.protect ?? (input as { protect?: unknown } | undefined)?.protect === true;
}
