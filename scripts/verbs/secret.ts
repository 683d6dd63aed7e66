import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { stackId } from "../../infra/stack-source.ts";
import { pulumi } from "../engine/command.ts";
import { namedSecrets } from "../engine/secrets.ts";
import { explain, makeStack, stackExists } from "../engine/stack.ts";
import { exitCodes, UserError } from "../exit.ts";
import { askHidden } from "../hidden.ts";
import { sourceOf } from "../stacks.ts";
import { printJson, say } from "../terminal.ts";
import { table } from "../text.ts";
import { Progress } from "../toolchain/progress.ts";
import { readyPulumi } from "../toolchain/ready.ts";

const aboutStack = "name in stacks/index.ts";
const aboutName = 'what the stack calls it: "token" for `secret("token")`';

export function registerSecret(program: Command): void {
  const secret = program
    .command("secret")
    .description(
      "Set, list, remove and copy the values of secrets that a stack names: `secret set dev token`.",
    );
  secret
    .command("set")
    .description(
      "Give a secret its value: asked for without showing it, from standard input, or from a file.",
    )
    .argument("<stack>", aboutStack)
    .argument("<name>", aboutName)
    .option("--file <path>", "the value is what this file has")
    .action(set);
  secret
    .command("list")
    .description("Show which secrets the stack names, where, and which have a value. No value is shown.")
    .argument("<stack>", aboutStack)
    .option("--json", "print one JSON document")
    .action(list);
  secret
    .command("remove")
    .description("Remove a value.")
    .argument("<stack>", aboutStack)
    .argument("<name>", aboutName)
    .action(remove);
  secret
    .command("copy")
    .description("Give a secret of one stack the value that it has in another.")
    .argument("<stack>", "the stack that has the value")
    .argument("<name>", aboutName)
    .requiredOption("--to <stack>", "the stack that gets it")
    .action(copy);
}

/** @throws UserError for a stack that there isn't, and a name that no secret can have */
function known(said: string, name?: string): string {
  const stack = stackId(said);
  sourceOf(stack);
  if (name !== undefined && !/^[a-z][a-zA-Z0-9-]{0,62}$/.test(name))
    throw new UserError(
      `"${name}" is no name of a secret: letters, digits and hyphens, the first a small letter`,
      exitCodes.usage,
    );
  return stack;
}

async function set(said: string, name: string, { file }: { file?: string }): Promise<void> {
  const stack = known(said, name);
  const value = await valueFrom(name, file);
  if (value === "") throw new UserError("the value is empty; nothing was changed", exitCodes.usage);
  await readyPulumi(new Progress());
  await put(stack, name, value);
  const used = namedSecrets(stack).find((secret) => secret.name === name);
  say(
    used === undefined
      ? `${name} has its value. No place of "${said}" names it yet: secret("${name}")`
      : `${name} has its value, for ${used.path}. \`./hotspare up ${said}\` brings it where it is used.`,
  );
}

async function valueFrom(name: string, file: string | undefined): Promise<string> {
  if (file !== undefined) {
    try {
      return (await readFile(file, "utf8")).replace(/\r?\n$/, "");
    } catch (error) {
      throw new UserError(`${file}: it can't be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  if (process.stdin.isTTY) return askHidden(`Value of ${name} (it isn't shown): `);
  return (await text(process.stdin)).replace(/\r?\n$/, "");
}

async function put(stack: string, name: string, value: string): Promise<void> {
  if (!(await stackExists(stack))) await makeStack(stack);
  // By standard input: arguments of a process can be read by everybody on the machine.
  const result = await pulumi(["config", "set", "--secret", "--stack", stack, name], { input: value });
  if (result.exitCode !== 0) throw new UserError(`"${name}" was not set: ${explain(result)}`);
}

async function list(said: string, { json }: { json?: boolean }): Promise<void> {
  const stack = known(said);
  const secrets = namedSecrets(stack);
  if (json) {
    printJson({ schema: "hotspare.secrets/1", stack, secrets });
    return;
  }
  if (secrets.length === 0) {
    say(`"${said}" names no secret.`);
    return;
  }
  const words = { true: "set", false: "no value", null: "by Pulumi's environment" };
  say(
    table([
      ["secret", "value", "used by"],
      ...secrets.map((one) => [one.name, words[`${one.set}`], one.path]),
    ]),
  );
}

async function remove(said: string, name: string): Promise<void> {
  const stack = known(said, name);
  await readyPulumi(new Progress());
  const result = await pulumi(["config", "rm", "--stack", stack, name]);
  if (result.exitCode !== 0) throw new UserError(`"${name}" was not removed: ${explain(result)}`);
  say(`${name} has no value any more. What runs keeps it until the next \`./hotspare up ${said}\`.`);
}

async function copy(said: string, name: string, { to }: { to: string }): Promise<void> {
  const [from, target] = [known(said, name), known(to)];
  await readyPulumi(new Progress());
  const got = await pulumi(["config", "get", "--json", "--stack", from, name]);
  if (got.exitCode !== 0)
    throw new UserError(`"${name}" has no value in "${said}": ${explain(got)}`, exitCodes.nothingThere);
  const { value } = JSON.parse(got.stdout) as { value: string };
  await put(target, name, value);
  say(`${name} of "${to}" has the value that it has in "${said}".`);
}
