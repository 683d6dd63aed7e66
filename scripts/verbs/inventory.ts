import type { Command } from "commander";
import { exitCodes, UserError } from "../exit.ts";
import { platformOfKnown } from "../platforms/select.ts";
import { defaultStack } from "../stacks.ts";
import { printJson, say } from "../terminal.ts";
import { visibleLine } from "../visible.ts";

export function registerInventory(program: Command): void {
  program
    .command("inventory")
    .description("Tell of a stack's servers what each is, what it carries, and what is missing.")
    .argument("[stack]", "name in stacks/index.ts", defaultStack)
    .option("--json", "print one JSON document with a schema version")
    .action(inventory);
}

async function inventory(stack: string, options: { json?: boolean }): Promise<void> {
  const platform = platformOfKnown(stack);
  if (platform.inventory === undefined)
    throw new UserError(
      `"${stack}" is ${platform.place}, where nobody owns servers; \`./hotspare status ${stack}\` tells what runs`,
      exitCodes.usage,
    );
  const { document, picture, findings } = await platform.inventory(stack);
  if (options.json) printJson(document);
  else {
    say(picture);
    for (const finding of findings) say(`! ${visibleLine(finding)}`);
  }
  if (findings.length > 0) process.exitCode = exitCodes.degraded;
}
