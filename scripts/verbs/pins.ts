import type { Command } from "commander";
import { exitCodes, UserError } from "../exit.ts";
import { platformOfKnown } from "../platforms/select.ts";
import { defaultStack } from "../stacks.ts";
import { printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";
import { visibleLine } from "../visible.ts";

interface PinsOptions {
  readonly json?: boolean;
  readonly refresh?: boolean;
}

export function registerPins(program: Command): void {
  program
    .command("pins")
    .description("Tell what a stack's machines start from and fetch, by its content.")
    .argument("[stack]", "name in stacks/index.ts", defaultStack)
    .option("--refresh", "record the newest, in a file to be committed")
    .option("--json", "print one JSON document with a schema version")
    .action(pins);
}

async function pins(stack: string, { json, refresh = false }: PinsOptions): Promise<void> {
  const platform = platformOfKnown(stack);
  if (platform.pins === undefined)
    throw new UserError(
      `"${stack}" is ${platform.place}, whose machines fetch nothing by themselves; \`./hotspare images --packages\` tells what images have`,
      exitCodes.usage,
    );
  const { document, lines, complete } = await platform.pins(stack, new Progress(), refresh);
  if (json) printJson(document);
  else for (const line of lines) say(visibleLine(line));
  if (!complete) process.exitCode = exitCodes.degraded;
}
