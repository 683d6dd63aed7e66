import type { Command } from "commander";
import { exitCodes } from "../exit.ts";
import { NothingRuns } from "../nothing-runs.ts";
import { platformOfKnown } from "../platforms/select.ts";
import { defaultStack } from "../stacks.ts";
import { printJson, say } from "../terminal.ts";
import { visibleLine } from "../visible.ts";

export function registerStatus(program: Command): void {
  program
    .command("status")
    .description(
      "Show every node and balancer: what runs, what is well, who gets requests, who holds the address.",
    )
    .argument("[stack]", "name in stacks/index.ts", defaultStack)
    .option("--json", "print one JSON document with a schema version")
    .action(statusVerb);
}

async function statusVerb(stack: string, options: { json?: boolean }): Promise<void> {
  const { document, state, findings, underWay, picture, urls } = await platformOfKnown(stack).status(stack);
  if (options.json) printJson(document);
  else {
    say(`${picture}\n\n${urls}`);
    for (const line of underWay) say(`* ${visibleLine(line)}`);
    for (const finding of findings) say(`! ${visibleLine(finding)}`);
  }
  if (state === "ok") return;
  if (state === "absent" && !options.json) throw new NothingRuns(stack);
  process.exitCode = state === "absent" ? exitCodes.nothingThere : exitCodes.degraded;
}
