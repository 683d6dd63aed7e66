import { setTimeout as sleep } from "node:timers/promises";
import { counted } from "../../../components/model/words.ts";
import type { Interrupt } from "../../engine/command.ts";
import { exclusively } from "../../engine/exclusive.ts";
import { interruptible } from "../../engine/interrupt.ts";
import { destroyStack } from "../../engine/operations.ts";
import { type Changes, stackExists } from "../../engine/stack.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { currentOwner } from "../../stacks.ts";
import { printJson, say } from "../../terminal.ts";
import { Progress } from "../../toolchain/progress.ts";
import { type AwsAccess, awsAccess } from "./access.ts";
import { asking } from "./errors.ts";
import { machinesLeft } from "./leftovers.ts";
import { groupsOf } from "./look.ts";
import { readyEngine } from "./preflight.ts";
import { allowDeletion } from "./protection.ts";
import { readResources, type StackResources } from "./resources.ts";

/** `npm run down` of a stack on AWS, once a protected one was confirmed. */
export async function downOnAws(stack: string, options: { readonly json?: boolean }): Promise<void> {
  const progress = new Progress();
  await readyEngine(progress);
  const { changes, access } = await exclusively(stack, progress, async () => {
    const made = (await stackExists(stack)) ? await readResources(stack) : null;
    if (made === null || made.region === null) throw nothingKnown(stack);
    const { region } = made;
    const access = awsAccess(region);
    await asking(region, () => liftProtection(access, made, progress));
    const changes = await interruptible((interrupt) => destroy(stack, access, made, progress, interrupt));
    return { changes, access };
  });
  const left = await asking(access.region, () => machinesLeft(access, { owner: currentOwner(), stack }));
  if (options.json) printJson({ stack, removed: changes.counts.delete ?? 0, left });
  else say(`Removed ${counted(changes.counts.delete ?? 0, "resource")} of "${stack}" from AWS.`);
  if (left.length > 0)
    throw new UserError(
      `these bear the tags of "${stack}" and are still there: ${left.join(", ")}; the state does not know them. Look at them in the EC2 console and end them there`,
      exitCodes.degraded,
    );
}

function nothingKnown(stack: string): UserError {
  return new UserError(
    `the state knows nothing of the stack "${stack}" on AWS. If it was lost: what is there bears the tag hotspare.stack = ${stack}, and AWS's Tag Editor lists it`,
    exitCodes.nothingThere,
  );
}

async function liftProtection(access: AwsAccess, made: StackResources, progress: Progress): Promise<void> {
  for (const arn of made.fronts)
    if (await allowDeletion(access, arn))
      progress.note("Switched off the load balancer's protection from deletion.");
}

/** Destroys by the engine, and tells how many machines AWS has still to end: they may finish what they are at, which takes minutes. */
async function destroy(
  stack: string,
  access: AwsAccess,
  made: StackResources,
  progress: Progress,
  interrupt: Interrupt,
): Promise<Changes> {
  const watching = new AbortController();
  const watched = watchMachines(access, made, progress, watching.signal);
  try {
    return await destroyStack({ stack, progress, interrupt });
  } finally {
    watching.abort();
    await watched;
  }
}

/** Milliseconds. */
const pause = 5000;

async function watchMachines(
  access: AwsAccess,
  made: StackResources,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const groups = made.groups.map((name) => ({ name }));
  await progress.task("machines that AWS has to end", async (update) => {
    while (!signal.aborted) {
      update("", await machinesOf(access, groups));
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  });
}

/** Only news for who waits: what can't be told now is told by the next look. */
async function machinesOf(access: AwsAccess, groups: readonly { readonly name: string }[]): Promise<string> {
  try {
    const found = await groupsOf(access, groups);
    const left = found.reduce((sum, { Instances = [] }) => sum + Instances.length, 0);
    return `${left} in ${counted(found.length, "group")}`;
  } catch {
    return "";
  }
}
