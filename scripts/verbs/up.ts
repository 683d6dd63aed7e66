import type { Command } from "commander";
import { summary } from "../engine/changes.ts";
import { exclusively } from "../engine/exclusive.ts";
import { rememberGood } from "../engine/good-stacks.ts";
import { interruptible } from "../engine/interrupt.ts";
import { upStack } from "../engine/operations.ts";
import { ensureStack } from "../engine/stack.ts";
import { exitCodes, UserError } from "../exit.ts";
import type { UpOptions } from "../platforms/contract.ts";
import { observedPlan, readyAll } from "../platforms/docker/connect.ts";
import { checkHost } from "../platforms/docker/host-check.ts";
import { removeLeftovers } from "../platforms/docker/leftovers.ts";
import { clusterStatus } from "../platforms/docker/look.ts";
import { removeSuperseded } from "../platforms/docker/superseded.ts";
import { waitUntilServing } from "../platforms/docker/wait.ts";
import { applySaved, checkCircumstances } from "../review/saved/apply.ts";
import { readSavedPlan } from "../review/saved/document.ts";
import { defaultStack, groundOf, planOf, recordOf, specOf } from "../stacks.ts";
import { statusTable, topology, urls } from "../status/picture.ts";
import { noteWarnings, printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";
import { readyPulumi } from "../toolchain/ready.ts";

export function registerUp(program: Command): void {
  program
    .command("up")
    .description("Stand a stack up, or bring it to what its file says. Sets up what is missing first.")
    .argument("[stack]", "name in stacks/index.ts", defaultStack)
    .option("--json", "print the result as one JSON document")
    .option(
      "--no-refresh",
      "trust the state instead of looking at what really runs (quicker; repairs nothing)",
    )
    .option(
      "--plan <file>",
      "do exactly what `npm run review -- <stack> --save <file>` stored, or refuse with exit code 14 before any change",
    )
    .action(up);
}

/** Brings a stack to what its source says. */
export async function up(stack: string, options: UpOptions): Promise<void> {
  if (groundOf(stack) === "aws") return (await import("../platforms/aws/up.ts")).upOnAws(stack, options);
  const spec = specOf(stack);
  const progress = new Progress();
  const saved = options.plan === undefined ? null : readSavedPlan(options.plan);
  if (saved !== null) {
    await readyPulumi(progress);
    await checkCircumstances(saved, stack);
  }
  const docker = await readyAll(progress, spec);
  const wanted = planOf(stack);
  noteWarnings(progress, wanted);

  const changes = await interruptible((interrupt) =>
    exclusively(stack, progress, async () => {
      // What was reviewed is done and nothing else: not even leftovers go that the review didn't name.
      if (saved !== null) return applySaved(saved, { progress, interrupt });
      await ensureStack(stack);
      await removeLeftovers({ docker, stack, owner: wanted.owner, progress });
      await removeSuperseded({ docker, stack, owner: wanted.owner, progress });
      await checkHost(docker, wanted, stack);
      return upStack({ stack, progress, interrupt }, options.refresh);
    }),
  );
  const plan = await observedPlan(docker, stack);
  await waitUntilServing({ docker, stack, plan, progress });

  const status = await clusterStatus(docker, stack, plan);
  if (options.json) printJson({ ...status, changes: changes.counts });
  else {
    say(`\n${statusTable(status)}\n\n${topology(status)}\n`);
    say(`${summary(changes)}\n\n${urls(plan)}\n`);
    say(`Next: npm run status -- ${stack}   npm run logs -- ${stack}   npm run down -- ${stack}`);
  }
  if (status.state === "ok") rememberGood(stack, recordOf(stack));
  else {
    throw new UserError(
      `The cluster serves, but not as planned: ${status.findings.join("; ")}.`,
      exitCodes.degraded,
    );
  }
}
