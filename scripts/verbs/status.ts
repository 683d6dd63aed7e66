import type { Command } from "commander";
import { exitCodes } from "../exit.ts";
import { observedPlan, runningDocker } from "../platforms/docker/connect.ts";
import { clusterStatus } from "../platforms/docker/look.ts";
import { defaultStack, groundOf } from "../stacks.ts";
import { actors, statusTable, topology, urls } from "../status/picture.ts";
import { nothingRuns, printJson, say } from "../terminal.ts";

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
  if (groundOf(stack) === "aws")
    return (await import("../platforms/aws/report.ts")).statusOnAws(stack, options);
  const docker = await runningDocker();
  const plan = await observedPlan(docker, stack);
  const status = await clusterStatus(docker, stack, plan);
  if (options.json) printJson(status);
  else {
    say(`${statusTable(status)}\n\n${topology(status)}\n\n${urls(plan)}`);
    for (const line of actors(status)) say(`* ${line}`);
    for (const finding of status.findings) say(`! ${finding}`);
  }
  if (status.state === "ok") return;
  if (status.state === "absent" && !options.json) throw nothingRuns(stack);
  process.exitCode = status.state === "absent" ? exitCodes.nothingThere : exitCodes.degraded;
}
