import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { checkStack, loadStack } from "../../components/model/define.ts";
import { stackFileVariable } from "../../infra/stack-source.ts";
import { pulumi } from "../engine/command.ts";
import { type GoodStack, goodStackBefore } from "../engine/good-stacks.ts";
import { explain } from "../engine/stack.ts";
import { refuseLocked } from "../engine/team-lock.ts";
import { exitCodes, UserError } from "../exit.ts";
import { platformOfKnown } from "../platforms/select.ts";
import { defaultStack, recordOf, sourceOf, specOf } from "../stacks.ts";
import { ask, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";
import { up } from "./up.ts";

interface RollbackOptions {
  json?: boolean;
  yes?: boolean;
}

export function registerRollback(program: Command): void {
  program
    .command("rollback")
    .description(
      "Go back to the last stack that stood as planned, or served at all. Shows what it will do and asks first.",
    )
    .argument("[stack]", "name in stacks/index.ts", defaultStack)
    .option("--yes", "don't ask")
    .option("--json", "print the result as one JSON document; implies --yes")
    .action(rollback);
}

async function rollback(stack: string, options: RollbackOptions): Promise<void> {
  const good = goodStackBefore(stack, recordOf(stack));
  if (good === null) {
    throw new UserError(
      `no earlier state of "${stack}" is known to go back to: none but the present one has served after an \`up\` on this machine`,
      exitCodes.nothingThere,
    );
  }
  const folder = await mkdtemp(join(tmpdir(), "hotspare-rollback-"));
  try {
    const file = join(folder, "stack.json");
    await writeFile(file, JSON.stringify({ ...good, goingBack: true }), { mode: 0o600 });
    sayWhatStays(stack, good);
    process.env[stackFileVariable] = file;
    if (good.whole === false)
      process.stderr.write(
        `None has stood as planned; "${stack}" of ${good.at} served, with something missing.\n`,
      );
    if (!options.yes && !options.json) await confirm(stack, good);
    await up(stack, { json: options.json === true });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  process.stderr.write(
    `"${stack}" is as it was on ${good.at}. Its stack file still says otherwise: the next \`up\` would bring that again.\n`,
  );
}

/** What the programs of releases have done to data is done, whether the stack that goes or the one that comes has them. */
function sayWhatStays(stack: string, good: GoodStack): void {
  const { spec } = checkStack(sourceOf(stack).input);
  const both = [...Object.values(spec?.pools ?? {}), ...Object.values(loadStack(stack, good.input).pools)];
  const names = new Set(both.flatMap(({ name, beforeRelease }) => (beforeRelease === null ? [] : [name])));
  if (names.size > 0)
    process.stderr.write(
      `What beforeRelease did (${[...names].map((name) => `pools.${name}`).join(", ")}) is not undone, and it isn't run again: the earlier release finds the data as they are now. Only a cluster that isn't there has it run, as every new one.\n`,
    );
}

/** Previews and asks; where nobody can answer, the preview is all. */
async function confirm(stack: string, good: GoodStack): Promise<void> {
  const progress = new Progress();
  await platformOfKnown(stack).readyEngine(progress, specOf(stack));
  await refuseLocked(stack, "change it");
  const preview = await progress.task(`preview of going back to ${good.at}`, () =>
    pulumi(["preview", "--stack", stack, "--diff", "--suppress-outputs"]),
  );
  if (preview.exitCode !== 0) throw new UserError(explain(preview));
  say(preview.stdout.trim());
  if (!process.stdin.isTTY) throw new UserError("this was the preview; say --yes to do it", exitCodes.usage);
  const answer = await ask(`Bring "${stack}" back to this? (yes/no) `);
  if (answer !== "yes") throw new UserError("nothing was changed", exitCodes.interrupted);
}
