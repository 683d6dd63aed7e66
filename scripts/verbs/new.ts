import { join } from "node:path";
import type { Command } from "commander";
import { projectRoot } from "../../infra/context.ts";
import { stackNames } from "../../infra/stack-source.ts";
import { exitCodes, UserError } from "../exit.ts";
import { answered, type NewOptions, questions, stackOf } from "../new/answers.ts";
import { addStack } from "../new/files.ts";
import { stackText } from "../new/text.ts";
import { platformOf } from "../platforms/select.ts";
import { planDocument } from "../stacks.ts";
import { ask, noteWarnings, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";

const usual = Object.fromEntries(questions.map((question) => [question.option, question.usual]));

export function registerNew(program: Command): void {
  program
    .command("new")
    .description(
      "Write a stack's file and add it to stacks/index.ts. Asks four questions; a flag answers one without asking.",
    )
    .argument("<name>", "of the stack and its cluster: lower-case letters, digits and hyphens")
    .option("--platform <kind>", `where it runs, e.g. ${usual.platform}`)
    .option("--runs <what>", `${usual.runs}, an image, or a folder with a Dockerfile`)
    .option("--nodes <number>", "nodes that share the requests")
    .option("--standbys <number>", "hot standbys: they run, and serve when a node is lost")
    .option("--port <number>", "where an image of yours listens (default: 8080)")
    .option("--health <url-path>", "what says that a node of yours is healthy (default: /readyz)")
    .action(newVerb);
}

async function newVerb(name: string, options: NewOptions): Promise<void> {
  if (stackNames().includes(name)) {
    throw new UserError(
      `there is a stack "${name}" already, in stacks/index.ts; choose another name`,
      exitCodes.usage,
    );
  }
  const terminal = process.stdin.isTTY && process.stderr.isTTY;
  const input = stackOf(name, await answered(options, terminal ? ask : null));
  // What doesn't plan isn't written: the first thing that a person sees of a file shall not be its problems.
  const { plan } = planDocument(name, undefined, { input, images: null });
  const { place } = platformOf(input.platform.kind);
  const { active } = Object.values(input.pools)[0] ?? {};
  const description = `${active === 1 ? "One node" : `${active} nodes`} behind a pair of balancers, ${place}.`;
  const file = addStack(join(projectRoot, "stacks"), name, stackText(input, description));
  noteWarnings(new Progress(), plan);
  say(`${file} is written, and stacks/index.ts has it.`);
  say(`Next: ./hotspare plan ${name}   ./hotspare up ${name}`);
}
