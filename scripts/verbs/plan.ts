import type { Command } from "commander";
import { describePlan } from "../../components/plan/describe.ts";
import { describeForecast } from "../../components/plan/describe-forecast.ts";
import { deployerPolicies } from "../../components/platform/aws/deployer/policy.ts";
import { type Part, type Policy, parts } from "../../components/platform/aws/deployer/types.ts";
import { render } from "../../components/render/index.ts";
import { exitCodes, UserError } from "../exit.ts";
import { defaultStack, planDocument, planOf } from "../stacks.ts";
import { printJson, say } from "../terminal.ts";
import { paint } from "../text.ts";

interface PlanOptions {
  json?: boolean;
  files: boolean;
  owner?: string;
  policy?: string | true;
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
    .option(
      "--policy [part]",
      `print what whoever deploys the stack must be allowed on AWS: all policies of IAM, or one of [${parts.join(", ")}]`,
    )
    .action(planVerb);
}

function planVerb(stack: string, options: PlanOptions): void {
  if (options.policy !== undefined) {
    printJson(policiesOf(stack, options.policy, options.owner));
    return;
  }
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

/** @throws UserError for a stack that isn't on AWS, or a part that there isn't */
function policiesOf(
  stack: string,
  part: string | true,
  owner?: string,
): Policy | Readonly<Record<Part, Policy>> {
  const plan = planOf(stack, owner);
  if (plan.aws === null)
    throw new UserError(
      `"${stack}" is on ${plan.platform}, and --policy is for stacks on AWS`,
      exitCodes.usage,
    );
  const policies = deployerPolicies(plan);
  if (part === true) return policies;
  const known = parts.find((name) => name === part);
  if (known !== undefined) return policies[known];
  throw new UserError(`there is no policy "${part}"; use one of [${parts.join(", ")}]`, exitCodes.usage);
}
