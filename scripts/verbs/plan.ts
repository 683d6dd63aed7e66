import type { Command } from "commander";
import { describePlan } from "../../components/plan/describe.ts";
import { describeForecast } from "../../components/plan/describe-forecast.ts";
import { render } from "../../components/render/index.ts";
import { defaultStack, planDocument, planOf } from "../stacks.ts";
import { paint } from "../text.ts";
import { printJson, say } from "./shared.ts";

interface PlanOptions {
  json?: boolean;
  files: boolean;
  owner?: string;
}

export function registerPlan(program: Command): void {
  program
    .command("plan")
    .description(
      "Print what a stack comes to, and every file of every machine. Needs no engine, no Docker, no state.",
    )
    .argument("[stack]", "name in stacks/index.ts", defaultStack)
    .option("--json", "print plan and files as one JSON document with a schema version")
    .option("--no-files", "leave the files out")
    .option("--owner <id>", "plan for another owner; addresses and ports that are derived depend on it")
    .action(planVerb);
}

function planVerb(stack: string, options: PlanOptions): void {
  if (options.json) {
    const document = planDocument(stack, options.owner);
    printJson(options.files ? document : { ...document, machines: [] });
    return;
  }
  const plan = planOf(stack, options.owner);
  say(describePlan(plan));
  say(describeForecast(plan));
  for (const { machine, files } of options.files ? render(plan) : []) {
    for (const file of files) {
      say(`\n${paint("bold", `── ${machine}: ${file.path}`)} (${file.mode})`);
      say(
        typeof file.content === "string" ? file.content.trimEnd() : `(the secret "${file.content.secret}")`,
      );
    }
  }
}
