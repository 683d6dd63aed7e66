import type { Command } from "commander";
import { exitCodes, UserError } from "../exit.ts";
import { logsOnAws } from "../platforms/aws/logs.ts";
import { runningDocker } from "../platforms/docker/connect.ts";
import { readLog } from "../platforms/docker/logs.ts";
import { type ContainerView, listContainers } from "../platforms/docker/view.ts";
import { currentOwner, defaultStack, groundOf } from "../stacks.ts";
import { nothingRuns, tailOf } from "../terminal.ts";

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
    .argument("[machines...]", "keys such as web-1 or lb-1; all when none is named")
    .option("-f, --follow", "go on as new lines come, until Ctrl-C")
    .option("-n, --tail <lines>", "lines of each machine", "20")
    .option("--json", "print one JSON document a line: machine, stream, text")
    .action(logs);
}

async function logs(stack: string, machines: string[], options: LogsOptions): Promise<void> {
  if (groundOf(stack) === "aws") throw logsOnAws(stack, machines, options);
  const tail = tailOf(options.tail);
  const docker = await runningDocker();
  const views = await listContainers(docker, { owner: currentOwner(), stack });
  const unknown = machines.filter((machine) => !views.some(({ key }) => key === machine));
  if (views.length === 0) throw nothingRuns(stack);
  if (unknown.length > 0) {
    throw new UserError(
      `there is no machine ${unknown.join(", ")}; "${stack}" has [${views.map(({ key }) => key).join(", ")}]`,
      exitCodes.usage,
    );
  }
  const chosen = machines.length === 0 ? views : views.filter(({ key }) => machines.includes(key));
  const width = Math.max(...chosen.map(({ key }) => key.length));
  const print = (key: string, stream: string, text: string) =>
    options.json
      ? printLine({ machine: key, stream, text })
      : process.stdout.write(`${key.padEnd(width)} │ ${text}\n`);
  const wanted = { tail, follow: options.follow === true };
  const show = ({ id, key }: ContainerView) =>
    readLog(docker, id, wanted, (stream, text) => print(key, stream, text));
  // One after the other keeps a machine's lines together; when following, they come as they are written.
  if (options.follow) await Promise.all(chosen.map(show));
  else for (const view of chosen) await show(view);
}

function printLine(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}
