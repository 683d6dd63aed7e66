import type { Command } from "commander";
import { lockStack, tellLock, unlockStack } from "../engine/team-lock.ts";
import { exitCodes, UserError } from "../exit.ts";
import { printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";
import { readyPulumi } from "../toolchain/ready.ts";

/* A person's word that nobody shall change a stack now. It is kept with the state, so everybody who shares the backend meets it. */

interface LockOptions {
  readonly json?: boolean;
  readonly reason: string;
}

export function registerLock(program: Command): void {
  program
    .command("lock")
    .description(
      "Let nobody change a stack: up, down, rollback and restored backups refuse until it is unlocked, and say why.",
    )
    .argument("<stack>", "name of the stack")
    .requiredOption("--reason <text>", "why, for those who want to change it")
    .option("--json", "print the result as one JSON document")
    .action(lock);
}

export function registerUnlock(program: Command): void {
  program
    .command("unlock")
    .description("Let a stack be changed again.")
    .argument("<stack>", "name of the stack")
    .option("--json", "print the result as one JSON document")
    .action(unlock);
}

async function lock(stack: string, { json, reason }: LockOptions): Promise<void> {
  await readyPulumi(new Progress());
  const put = await lockStack(stack, reason);
  if (json) printJson({ schema: "hotspare.lock/1", stack, lock: put });
  else say(`${tellLock(stack, put)}. \`./hotspare unlock ${stack}\` ends it.`);
}

async function unlock(stack: string, { json }: Pick<LockOptions, "json">): Promise<void> {
  await readyPulumi(new Progress());
  const was = await unlockStack(stack);
  if (was === null) throw new UserError(`"${stack}" is not locked`, exitCodes.nothingThere);
  if (json) printJson({ schema: "hotspare.lock/1", stack, lock: null, was });
  else say(`"${stack}" can be changed again; it was locked by ${was.by} (${was.reason}).`);
}
