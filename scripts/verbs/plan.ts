import type { Command } from "commander";
import { describePlan } from "../../components/plan/describe.ts";
import { describeForecast } from "../../components/plan/describe-forecast.ts";
import { render } from "../../components/render/index.ts";
import { missingSecrets } from "../engine/secrets.ts";
import { exitCodes, UserError } from "../exit.ts";
import { platformOfKnown, platforms } from "../platforms/select.ts";
import type { Controls } from "../platforms/told.ts";
import { defaultStack, planDocument, planOf } from "../stacks.ts";
import { printJson, say } from "../terminal.ts";
import { paint } from "../text.ts";
import { visibleLine } from "../visible.ts";

interface PlanOptions {
  json?: boolean;
  files: boolean;
  owner?: string;
  policy?: string | true;
  controls?: boolean;
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
      "print what whoever deploys the stack must be allowed on its platform: all policies, or one part of them",
    )
    .option("--controls", "judge the plan by the best practices of whoever owns the platform")
    .action(planVerb);
}

async function planVerb(stack: string, options: PlanOptions): Promise<void> {
  if (options.policy !== undefined) {
    printJson(await policiesOf(stack, options.policy, options.owner));
    return;
  }
  if (options.controls) {
    printControls(await controlsOf(stack, options.owner), options.json ?? false);
    return;
  }
  if (options.json) {
    const document = planDocument(stack, options.owner);
    printJson(options.files ? document : { ...document, machines: [] });
    return;
  }
  const plan = planOf(stack, options.owner);
  for (const missing of missingSecrets(stack)) process.stderr.write(`! ${visibleLine(missing)}\n`);
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

/** @throws UserError for a stack on a platform that nobody publishes any for */
async function controlsOf(stack: string, owner?: string): Promise<Controls> {
  const { controls, place } = platformOfKnown(stack);
  if (controls !== undefined) return controls(planOf(stack, owner));
  const places = platforms
    .filter((platform) => platform.controls !== undefined)
    .map((platform) => platform.place);
  throw new UserError(
    `"${stack}" is ${place}, and --controls is for stacks ${places.join(" or ")}`,
    exitCodes.usage,
  );
}

const colours = { passes: "green", fails: "red", other: "dim" } as const;

function printControls({ standard, controls }: Controls, json: boolean): void {
  if (json) {
    printJson({ schema: 1, standard, controls });
    return;
  }
  const count = (verdict: keyof typeof colours) =>
    controls.filter((control) => control.verdict === verdict).length;
  say(
    `${standard}: ${count("passes")} pass, ${count("fails")} fail, ${count("other")} can't be told from a plan\n`,
  );
  for (const { id, title, verdict, why } of controls)
    say(`${paint(colours[verdict], verdict.padEnd(6))}  ${id}  ${title}\n        ${visibleLine(why)}`);
}

/** @throws UserError for a stack on a platform that knows no such rights, or a part that there isn't */
async function policiesOf(stack: string, part: string | true, owner?: string): Promise<unknown> {
  const { policies } = platformOfKnown(stack);
  const plan = planOf(stack, owner);
  if (policies === undefined) {
    const places = platforms.filter((platform) => platform.policies !== undefined).map(({ place }) => place);
    throw new UserError(
      `"${stack}" is ${platformOfKnown(stack).place}, and --policy is for stacks ${places.join(" or ")}`,
      exitCodes.usage,
    );
  }
  const all = await policies(plan);
  if (part === true) return all;
  if (Object.hasOwn(all, part)) return all[part];
  throw new UserError(
    `there is no policy "${part}"; use one of [${Object.keys(all).join(", ")}]`,
    exitCodes.usage,
  );
}
