import { type Command, InvalidArgumentError } from "commander";
import { stackExists } from "../engine/stack.ts";
import { exitCodes, UserError } from "../exit.ts";
import { historyOf, historySchema } from "../history/read.ts";
import { historyText } from "../history/words.ts";
import { defaultStack } from "../stacks.ts";
import { printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";
import { readyPulumi } from "../toolchain/ready.ts";

interface HistoryOptions {
  json?: boolean;
  limit: number;
}

export function registerHistory(program: Command): void {
  program
    .command("history")
    .description(
      "Tell what was changed, when, by whom and with which effect, from the backend's own history.",
    )
    .argument("[stack]", "name of the stack", defaultStack)
    .option("--limit <number>", "how many operations, the newest first", limitOf, 10)
    .option("--json", "print one JSON document with a schema version")
    .action(history);
}

async function history(stack: string, { json, limit }: HistoryOptions): Promise<void> {
  await readyPulumi(new Progress());
  if (!(await stackExists(stack))) {
    throw new UserError(
      `the backend knows no stack "${stack}"; \`./hotspare up ${stack}\` makes it`,
      exitCodes.nothingThere,
    );
  }
  const entries = await historyOf(stack, limit);
  if (json) printJson({ schema: historySchema, stack, entries });
  else say(entries.length > 0 ? historyText(entries) : `Nothing was done with "${stack}" yet.`);
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit;
  throw new InvalidArgumentError("It must be a whole number from 1 to 1000.");
}
