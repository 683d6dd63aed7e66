import { setTimeout as sleep } from "node:timers/promises";
import { counted } from "../../../components/model/words.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { currentOwner } from "../../stacks.ts";
import type { Progress } from "../../toolchain/progress.ts";
import type { PlatformDown, StackWork } from "../contract.ts";
import { type AwsAccess, awsAccess } from "./access.ts";
import { readyEngine } from "./engine.ts";
import { asking } from "./errors.ts";
import { machinesLeft } from "./leftovers.ts";
import { groupsOf } from "./look.ts";
import { allowDeletion } from "./protection.ts";
import { resourcesOf, type StackResources } from "./resources.ts";

/**
 * A `down` on AWS. What there is comes from the state and not from the stack's file: that may have changed since, or be gone. Nothing is
 * removed without a state: AWS's own names and tags are no proof of what is ours to end.
 */
export async function beginDown({ stack, progress }: StackWork): Promise<PlatformDown> {
  let known: { readonly resources: StackResources; readonly access: AwsAccess } | null = null;
  return {
    ready: () => readyEngine(progress),
    beforeDestroy: async (state) => {
      const resources = resourcesOf(state ?? []);
      if (resources.region === null) throw nothingKnown(stack);
      const access = awsAccess(resources.region);
      known = { resources, access };
      await asking(access.region, () => liftProtection(access, resources, progress));
      return false;
    },
    whileDestroying: async (signal) => {
      if (known !== null) await watchMachines(known.access, known.resources, progress, signal);
    },
    finish: async ({ changes }) => {
      if (known === null) throw nothingKnown(stack);
      const { access } = known;
      const left = await asking(access.region, () => machinesLeft(access, { owner: currentOwner(), stack }));
      const removed = changes?.counts.delete ?? 0;
      return {
        document: { stack, removed, left },
        sentence: `Removed ${counted(removed, "resource")} of "${stack}" from AWS.`,
        left: left.length === 0 ? null : stillThere(stack, left),
      };
    },
  };
}

function stillThere(stack: string, left: readonly string[]): string {
  return `these bear the tags of "${stack}" and are still there: ${left.join(", ")}; the state does not know them. Look at them in the EC2 console and end them there`;
}

function nothingKnown(stack: string): UserError {
  return new UserError(
    `the state knows nothing of the stack "${stack}" on AWS. If it was lost: what is there bears the tag hotspare.stack = ${stack}, and AWS's Tag Editor lists it`,
    exitCodes.nothingThere,
  );
}

async function liftProtection(
  access: AwsAccess,
  resources: StackResources,
  progress: Progress,
): Promise<void> {
  for (const arn of resources.fronts)
    if (await allowDeletion(access, arn))
      progress.note("Switched off the load balancer's protection from deletion.");
}

/** Milliseconds. */
const pause = 5000;

/** Tells how many machines AWS has still to end: they may finish what they are at, which takes minutes. */
async function watchMachines(
  access: AwsAccess,
  resources: StackResources,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const groups = resources.groups.map((name) => ({ name }));
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
