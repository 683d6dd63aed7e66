import { existsSync } from "node:fs";
import type { Command } from "commander";
import { stackId } from "../../infra/stack-source.ts";
import { exclusively } from "../engine/exclusive.ts";
import { refuseLocked } from "../engine/team-lock.ts";
import { exitCodes, UserError } from "../exit.ts";
import type { PlatformVolumes } from "../platforms/inside.ts";
import { platformOfKnown } from "../platforms/select.ts";
import { ask, printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";
import { readyPulumi } from "../toolchain/ready.ts";

const aboutStack = "name in stacks/index.ts";
const aboutVolume = "its name, or the end of it that no other has: web-1-data";

export function registerVolume(program: Command): void {
  const volume = program
    .command("volume")
    .description(
      "List, back up and restore the volumes of a stack: `volume backup dev web-1-data a.tar.gz`.",
    );
  volume
    .command("list")
    .description("Show the volumes that hold data; also those of nodes that are gone.")
    .argument("<stack>", aboutStack)
    .option("--json", "print one JSON document")
    .action(list);
  volume
    .command("backup")
    .description("Write what is in a volume into a file (tar, gzip). Nothing is stopped for it.")
    .argument("<stack>", aboutStack)
    .argument("<volume>", aboutVolume)
    .argument("<file>", "where to; must not be there yet")
    .action(backup);
  volume
    .command("restore")
    .description("Put a backup in place of what is in a volume. Who uses it is stopped meanwhile.")
    .argument("<stack>", aboutStack)
    .argument("<volume>", aboutVolume)
    .argument("<file>", "what `volume backup` wrote")
    .option("--yes", "don't ask")
    .action(restore);
}

/** @throws UserError where there are none */
async function volumesOf(stack: string): Promise<PlatformVolumes> {
  const platform = platformOfKnown(stack);
  if (platform.volumes === undefined)
    throw new UserError(
      `a stack ${platform.place} has no volumes of the kit's; back up by what its machines offer`,
      exitCodes.usage,
    );
  return platform.volumes(stack);
}

async function list(said: string, { json }: { json?: boolean }): Promise<void> {
  const names = await (await volumesOf(stackId(said))).list();
  if (json) printJson(names);
  else if (names.length === 0) say("There are no volumes with data.");
  else for (const name of names) say(name);
}

/** The one volume that is meant. @throws UserError */
async function meant(volumes: PlatformVolumes, word: string): Promise<string> {
  const names = await volumes.list();
  const found = names.includes(word) ? [word] : names.filter((name) => name.endsWith(`-${word}`));
  const [name] = found;
  if (name !== undefined && found.length === 1) return name;
  throw new UserError(
    `${found.length === 0 ? "no volume" : "more than one volume"} is called ${word}; there are [${names.join(", ")}]`,
    exitCodes.usage,
  );
}

async function backup(said: string, word: string, file: string): Promise<void> {
  const volumes = await volumesOf(stackId(said));
  const name = await meant(volumes, word);
  if (existsSync(file)) throw new UserError(`${file} is there already; choose another name`, exitCodes.usage);
  await volumes.backup(name, file);
  const users = await volumes.users(name);
  const running =
    users.length === 0
      ? ""
      : ` ${users.join(", ")} ran meanwhile: of an application that was just writing, the files may not fit together.`;
  say(`${file} has what is in ${name}.${running}`);
}

async function restore(said: string, word: string, file: string, { yes }: { yes?: boolean }): Promise<void> {
  const stack = stackId(said);
  const progress = new Progress();
  await readyPulumi(progress);
  await refuseLocked(stack, "change its data");
  const volumes = await volumesOf(stack);
  const name = await meant(volumes, word);
  if (!existsSync(file)) throw new UserError(`${file} isn't there`, exitCodes.usage);
  const users = await volumes.users(name);
  const stopped =
    users.length === 0 ? "" : `, and ${users.join(", ")} ${users.length === 1 ? "is" : "are"} stopped for it`;
  if (yes !== true) {
    if (!process.stdin.isTTY)
      throw new UserError(`what is in ${name} goes for good${stopped}; say --yes`, exitCodes.usage);
    const answer = await ask(`What is in ${name} goes for good${stopped}. Type its name to go on: `);
    if (answer !== name) throw new UserError("nothing was changed", exitCodes.interrupted);
  }
  await exclusively(stack, progress, () => volumes.restore(name, file));
  say(`${name} has what is in ${file}.`);
}
