import type { Command } from "commander";
import { platformFor } from "../platforms/select.ts";
import { defaultStack } from "../stacks.ts";
import { tailOf } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";

interface EventsOptions {
  json?: boolean;
  follow?: boolean;
  tail: string;
}

export function registerEvents(program: Command): void {
  program
    .command("events")
    .description("Tell what the wardens of a stack saw and did, and why, in the order of time.")
    .argument("[stack]", "name of the stack", defaultStack)
    .option("-f, --follow", "go on as new ones come, until Ctrl-C")
    .option("-n, --tail <lines>", "log lines of each warden", "100")
    .option("--json", "print one JSON document a line")
    .action(events);
}

async function events(stack: string, options: EventsOptions): Promise<void> {
  const { json = false, follow = false } = options;
  const tail = tailOf(options.tail);
  const platform = await platformFor(stack, new Progress());
  await platform.events(stack, { json, follow, tail });
}
