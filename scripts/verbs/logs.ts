import type { Command } from "commander";
import { stackOfMachine } from "../machine-stack.ts";
import { platformFor } from "../platforms/select.ts";
import { defaultStack } from "../stacks.ts";
import { tailOf } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";

interface LogsOptions {
  json?: boolean;
  follow?: boolean;
  tail: string;
}

export function registerLogs(program: Command): void {
  program
    .command("logs")
    .description("Show what the machines of a stack wrote, each line with its machine.")
    .argument("[stack]", "name of the stack", defaultStack)
    .argument(
      "[machines...]",
      "keys such as web-1 or lb-1; all when none is named. `logs web-1` finds the stack",
    )
    .option("-f, --follow", "go on as new lines come, until Ctrl-C")
    .option("-n, --tail <lines>", "lines of each machine", "20")
    .option("--json", "print one JSON document a line: machine, stream, text")
    .action(logs);
}

async function logs(said: string, named: string[], options: LogsOptions): Promise<void> {
  const { json = false, follow = false } = options;
  const tail = tailOf(options.tail);
  const { stack, machines } = stackOfMachine(said, named);
  const platform = await platformFor(stack, new Progress());
  await platform.logs(stack, machines, { json, follow, tail });
}
