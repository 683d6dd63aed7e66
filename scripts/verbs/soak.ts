import { join } from "node:path";
import type { Command } from "commander";
import { projectRoot } from "../../infra/context.ts";
import { catalog } from "../drill/catalog.ts";
import type { Drill } from "../drill/drill.ts";
import { renderTerminal } from "../drill/report/terminal.ts";
import { writeReport } from "../drill/report/write.ts";
import { exitCodes, UserError } from "../exit.ts";
import { defaultStack } from "../stacks.ts";
import { printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";
import { runDrills } from "./drill.ts";

interface SoakOptions {
  requests: string;
  changes: string;
  rate: string;
  out?: string;
  json?: boolean;
}

export function registerSoak(program: Command): void {
  program
    .command("soak")
    .description(
      "The long run: changes of members under load for a quarter of an hour, then 50 killed nodes. Nothing may be lost.",
    )
    .argument("[stack]", "name in stacks/index.ts", defaultStack)
    .option("--requests <count>", "requests during the changes", "500000")
    .option("--changes <count>", "changes, on each balancer", "1000")
    .option("--rate <requests>", "requests a second", "600")
    .option("--out <folder>", "where the report goes (default: .hotspare/soak/<stack>)")
    .option("--json", "print the report as one JSON document")
    .action(soak);
}

async function soak(stack: string, options: SoakOptions): Promise<void> {
  const drills = soakDrills(options);
  const result = await runDrills(stack, { drills, progress: new Progress(), rate: undefined });
  const folder = options.out ?? join(projectRoot, ".hotspare", "soak", stack);
  await writeReport(folder, result.report, result.timelines);
  if (options.json) printJson(result.report);
  else say(`\n${renderTerminal(result.report)}\n\nReport: ${join(folder, "report.md")}`);
  if (result.report.verdict === "failed") process.exitCode = exitCodes.failed;
}

/** The drills that a soak is made of: the short ones of the catalog, made long. */
export function soakDrills(options: Pick<SoakOptions, "requests" | "changes" | "rate">): Drill[] {
  const [requests, changes, rate] = [
    number("--requests", options.requests, 1000, 10_000_000),
    number("--changes", options.changes, 10, 100_000),
    number("--rate", options.rate, 10, 2000),
  ];
  const every = Math.max(10, Math.round((requests / rate / changes) * 1000));
  return catalog.flatMap((drill) => {
    if (drill.id === "kills50") return [drill];
    if (drill.fault.kind !== "change-members") return [];
    const title = `${changes} changes of members and weights during ${requests} requests`;
    return [{ ...drill, title, rate, fault: { ...drill.fault, changes, every } }];
  });
}

function number(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UserError(`${option}: "${text}" is not a whole number from ${least} to ${most}`, exitCodes.usage);
}
