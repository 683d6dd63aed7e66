import type { Command } from "commander";
import { execa } from "execa";
import { uncoloured } from "../engine/command.ts";
import { engineFolder } from "../engine/folder.ts";
import { exitCodes } from "../exit.ts";
import { platformByFile, platformOf, platforms } from "../platforms/select.ts";
import { allParts, engineParts } from "../toolchain/parts.ts";
import { Progress } from "../toolchain/progress.ts";
import { readyPulumi } from "../toolchain/ready.ts";

export function registerPulumi(program: Command): void {
  program
    .command("pulumi")
    .description(
      "Run the Pulumi CLI itself on this project, with the same toolchain, backend and passphrase as `up`.",
    )
    .argument("[arguments...]", "what to pass on, e.g. preview -s dev")
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action(passOn);
}

async function passOn(args: string[]): Promise<void> {
  const stack = stackOf(args);
  const platform = stack === null ? null : platformByFile(stack);
  // Whoever names no stack may mean one on the usual platform, as the other commands do.
  const isUsual = platform === null || platform === platformOf();
  await readyPulumi(new Progress(), isUsual ? allParts : engineParts);
  for (const platform of platforms) platform.pointProvider?.(process.env);
  // The terminal sends Ctrl-C to both of us; Pulumi decides what it means.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  const { exitCode, signal } = await execa("pulumi", args, {
    cwd: engineFolder(),
    env: uncoloured,
    stdio: "inherit",
    reject: false,
  });
  process.off("SIGINT", ignore);
  process.exitCode = exitCode ?? (signal === undefined ? exitCodes.failed : exitCodes.interrupted);
}

/** Pulumi's own option: `-s dev`, `--stack dev`, `--stack=dev`; null where it isn't given. */
function stackOf(args: readonly string[]): string | null {
  const at = args.findIndex((word) => word === "-s" || word === "--stack");
  return (
    args.find((word) => word.startsWith("--stack="))?.slice("--stack=".length) ??
    (at < 0 ? null : args[at + 1]) ??
    null
  );
}
