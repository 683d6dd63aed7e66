import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { finished } from "node:stream/promises";
import type { Command } from "commander";
import type { AccessoryPlan } from "../../components/plan/types.ts";
import { stackId } from "../../infra/stack-source.ts";
import { refuseLocked } from "../engine/team-lock.ts";
import { exitCodes, UserError } from "../exit.ts";
import { planOf } from "../stacks.ts";
import { ask, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";
import { readyPulumi } from "../toolchain/ready.ts";
import { openGiven } from "./given-file.ts";
import { tasksOf } from "./tasks.ts";

const aboutStack = "name in stacks/index.ts";
const aboutName = "its name in the stack, such as db";

export function registerAccessory(program: Command): void {
  const accessory = program
    .command("accessory")
    .description("Back up and restore an accessory by its own commands: `accessory backup dev db db.sql`.");
  accessory
    .command("backup")
    .description("Write what its `backup` command writes into a file, while it goes on.")
    .argument("<stack>", aboutStack)
    .argument("<accessory>", aboutName)
    .argument("<file>", "where to; must not be there yet")
    .action(backup);
  accessory
    .command("restore")
    .description("Give a backup to its `restoration` command, while it goes on.")
    .argument("<stack>", aboutStack)
    .argument("<accessory>", aboutName)
    .argument("<file>", "what `accessory backup` wrote")
    .option("--yes", "don't ask")
    .action(restore);
}

/** @throws UserError */
function known(stack: string, name: string): AccessoryPlan {
  const { accessories = [] } = planOf(stack);
  const found = accessories.find(({ key }) => key === name);
  if (found !== undefined) return found;
  const names = accessories.map(({ key }) => key).join(", ");
  throw new UserError(`there is no accessory ${name}; there are [${names}]`, exitCodes.usage);
}

function commandOf({ key, ...accessory }: AccessoryPlan, which: "backup" | "restoration"): readonly string[] {
  const command = accessory[which];
  if (command !== null) return command;
  throw new UserError(
    `accessories.${key}.${which}: the stack says no command for it; say one, or use \`./hotspare volume\``,
    exitCodes.stackProblems,
  );
}

/** Whole or not at all, and nobody else's to read. */
async function backup(said: string, name: string, file: string): Promise<void> {
  const stack = stackId(said);
  const command = commandOf(known(stack, name), "backup");
  if (existsSync(file)) throw new UserError(`${file} is there already; choose another name`, exitCodes.usage);
  const partial = `${file}.partial`;
  const tasks = await tasksOf(stack);
  const stdout = (await openGiven(partial, "w")).createWriteStream();
  try {
    const { stderr } = process;
    const code = await tasks.exec(name, command, { stdin: null, stdout, stderr, terminal: false });
    stdout.end();
    await finished(stdout);
    mustHaveWorked(command, code);
    await rename(partial, file);
  } catch (error) {
    const { errored } = stdout;
    throw errored === null ? error : new UserError(`${file} can't be written (${errored.message})`);
  } finally {
    stdout.destroy();
    await rm(partial, { force: true });
  }
  say(`${file} has what ${command[0]} wrote in ${name}.`);
}

async function restore(
  said: string,
  name: string,
  file: string,
  { yes }: { readonly yes?: boolean },
): Promise<void> {
  const stack = stackId(said);
  await readyPulumi(new Progress());
  await refuseLocked(stack, "change its data");
  const command = commandOf(known(stack, name), "restoration");
  const stdin = (await openGiven(file, "r")).createReadStream();
  try {
    if (yes !== true) await confirm(`${command[0]} in ${name} may replace what is there by ${file}`, name);
    const tasks = await tasksOf(stack);
    const { stdout, stderr } = process;
    mustHaveWorked(command, await tasks.exec(name, command, { stdin, stdout, stderr, terminal: false }));
  } finally {
    stdin.destroy();
  }
  say(`${command[0]} in ${name} has taken ${file}.`);
}

async function confirm(question: string, name: string): Promise<void> {
  if (!process.stdin.isTTY) throw new UserError(`${question}; say --yes`, exitCodes.usage);
  const answer = await ask(`${question}. Type its name to go on: `);
  if (answer !== name) throw new UserError("nothing was changed", exitCodes.interrupted);
}

function mustHaveWorked([program = ""]: readonly string[], code: number): void {
  if (code !== 0)
    throw new UserError(`${program} ended with exit code ${code}; what it wrote is above`, exitCodes.failed);
}
