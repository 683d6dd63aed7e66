import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { kitRoot } from "../../infra/project-root.ts";
import { printJson, say } from "../terminal.ts";
import { locatePulumi } from "../toolchain/pulumi.ts";

export function registerVersion(program: Command): void {
  program
    .command("version")
    .description("Print the versions of the kit, of Node and of Pulumi; `--version` does the same.")
    .option("--json", "print one JSON document")
    .action(versionVerb);
}

async function versionVerb(options: { json?: boolean }): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(kitRoot, "package.json"), "utf8")) as {
    version: string;
  };
  const found = await locatePulumi();
  const versions = { hotspare: version, node: process.versions.node, pulumi: found?.version ?? null };
  if (options.json) printJson(versions);
  else
    for (const [name, known] of Object.entries(versions))
      say(`${name.padEnd(8)} ${known ?? "not there yet; the first `./hotspare up` brings it"}`);
}
