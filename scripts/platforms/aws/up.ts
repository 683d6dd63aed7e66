import { summary } from "../../engine/changes.ts";
import type { Interrupt } from "../../engine/command.ts";
import { exclusively } from "../../engine/exclusive.ts";
import { rememberGood } from "../../engine/good-stacks.ts";
import { interruptible } from "../../engine/interrupt.ts";
import { upStack } from "../../engine/operations.ts";
import { type Changes, ensureStack } from "../../engine/stack.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { applySaved, checkCircumstances } from "../../review/saved/apply.ts";
import { readSavedPlan } from "../../review/saved/document.ts";
import { recordOf, specOf } from "../../stacks.ts";
import { noteWarnings, printJson, say } from "../../terminal.ts";
import { Progress } from "../../toolchain/progress.ts";
import type { UpOptions } from "../contract.ts";
import type { GroupsStatus } from "./cluster-status.ts";
import { subjectOf } from "./observe.ts";
import { groupsTable, groupsTopology, groupsUrls } from "./picture.ts";
import { lookBefore, mustHaveSecrets, mustKeepZones, readyEngine } from "./preflight.ts";
import { waitUntilWhole } from "./wait.ts";

/** `npm run up` of a stack on AWS. Asks for no Docker; what is missing is said before the engine starts. */
export async function upOnAws(stack: string, options: UpOptions): Promise<void> {
  const subject = subjectOf(stack);
  const progress = new Progress();
  const saved = options.plan === undefined ? null : readSavedPlan(options.plan);
  const before = await lookBefore(subject);
  await mustKeepZones(subject, before);
  await readyEngine(progress);
  if (saved !== null) await checkCircumstances(saved, stack);
  noteWarnings(progress, subject.plan);

  const changes = await interruptible((interrupt) =>
    exclusively(stack, progress, () =>
      saved === null
        ? bringUp(stack, options, progress, interrupt)
        : applySaved(saved, { progress, interrupt }),
    ),
  );
  const status = await waitUntilWhole({ subject, before, progress });
  if (options.json) printJson({ ...status, changes: changes.counts });
  else tell(stack, status, changes);
  if (status.findings.length === status.alarms.length) rememberGood(stack, recordOf(stack));
  else
    throw new UserError(
      `The cluster serves, but not as planned: ${status.findings.join("; ")}.`,
      exitCodes.degraded,
    );
}

async function bringUp(
  stack: string,
  { refresh }: UpOptions,
  progress: Progress,
  interrupt: Interrupt,
): Promise<Changes> {
  await ensureStack(stack);
  await mustHaveSecrets(stack, specOf(stack));
  return upStack({ stack, progress, interrupt }, refresh);
}

function tell(stack: string, status: GroupsStatus, changes: Changes): void {
  say(`\n${groupsTable(status)}\n\n${groupsTopology(status)}\n`);
  say(`${summary(changes)}\n\n${groupsUrls(status)}\n`);
  for (const { key, description } of status.alarms) say(`! alarm ${key}: ${description}`);
  say(`Next: npm run status -- ${stack}   npm run events -- ${stack}   npm run down -- ${stack}`);
}
