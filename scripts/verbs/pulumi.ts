import type { Command } from "commander";
import { execa } from "execa";
import { projectRoot } from "../../infra/context.ts";
import { exitCodes } from "../exit.ts";
import { platforms } from "../platforms/select.ts";
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
  await readyPulumi(new Progress());
  for (const platform of platforms) platform.pointProvider?.(process.env);
  // The terminal sends Ctrl-C to both of us; Pulumi decides what it means.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  const { exitCode, signal } = await execa("pulumi", args, {
    cwd: projectRoot,
    stdio: "inherit",
    reject: false,
  });
  process.off("SIGINT", ignore);
  process.exitCode = exitCode ?? (signal === undefined ? exitCodes.failed : exitCodes.interrupted);
}
