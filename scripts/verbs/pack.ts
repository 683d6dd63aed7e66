import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { moduleEnding } from "../../infra/project-root.ts";
import { exitCodes, UserError } from "../exit.ts";
import { pack } from "../pack/pack.ts";
import { printJson, say } from "../terminal.ts";

interface PackOptions {
  readonly instead?: boolean;
  readonly json?: boolean;
}

export function registerPack(program: Command): void {
  program
    .command("pack")
    .description("Pack the kit for other projects: JavaScript with types, as an archive that npm installs.")
    .argument("[folder]", "where the archive goes", ".")
    .option("--instead", "refuse: npm itself would pack the sources, which Node doesn't run as a package")
    .option("--json", "print one JSON document")
    .action(packVerb);
}

async function packVerb(folder: string, { instead = false, json }: PackOptions): Promise<void> {
  if (instead)
    throw new UserError(
      "npm pack would pack TypeScript, which Node doesn't run below node_modules; `./hotspare pack` compiles the kit and packs that",
      exitCodes.usage,
    );
  if (moduleEnding === ".js")
    throw new UserError("this kit is a package already; pack a checkout", exitCodes.usage);
  mkdirSync(folder, { recursive: true });
  const archive = await pack(resolve(folder));
  if (json) return printJson({ archive });
  say(`${archive}\nNext: npm install --save-dev ${archive}`);
}
