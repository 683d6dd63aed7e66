import type { Command } from "commander";
import { execa } from "execa";
import { projectRoot } from "../../infra/context.ts";
import { exitCodes, UserError } from "../exit.ts";

/** What must hold for every commit, in the order of how quickly it tells. */
const checks = [
  ["biome", "check", "."],
  ["tsc", "--noEmit"],
] as const;

export function registerLint(program: Command): void {
  program
    .command("lint")
    .description("Check format, lint rules, layers and types.")
    .option("--fix", "put the format right, and what a rule can repair by itself")
    .action(lint);
}

export async function lint({ fix = false }: { fix?: boolean } = {}): Promise<void> {
  for (const [tool, ...args] of checks) {
    const fixing = fix && tool === "biome" ? ["--write"] : [];
    const { exitCode } = await execa(tool, [...args, ...fixing], {
      cwd: projectRoot,
      preferLocal: true,
      stdio: "inherit",
      reject: false,
    });
    if (exitCode !== 0) throw new UserError(`${tool} found something`, exitCodes.failed);
  }
}
