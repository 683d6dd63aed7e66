import { Argument, type Command } from "commander";
import { stackNames } from "../../infra/stack-source.ts";
import { bashCompletion } from "../completion/bash.ts";
import { describeVerbs } from "../completion/describe.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { exitCodes, UserError } from "../exit.ts";
import { say } from "../terminal.ts";

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
type Shell = keyof typeof shells;

export function registerCompletion(program: Command): void {
  program
    .command("completion")
    .description(
      "Print the script that completes commands, options and stacks in a shell; its first lines say where to put it.",
    )
    .addArgument(new Argument("[shell]").choices(Object.keys(shells)))
    .option("--stacks", "print the names of the stacks, one a line; what the scripts ask for")
    .action((shell: Shell | undefined, options: { stacks?: boolean }) => completion(program, shell, options));
}

/** @param program the whole command line, with every verb */
function completion(program: Command, shell: Shell | undefined, options: { stacks?: boolean }): void {
  if (options.stacks) for (const name of stackNames()) say(name);
  else if (shell !== undefined) process.stdout.write(shells[shell](describeVerbs(program)));
  else throw new UserError(`say for which shell: ${Object.keys(shells).join(", ")}`, exitCodes.usage);
}
