import type { Command } from "commander";
import { exitCodes } from "../exit.ts";
import { platformOf } from "../platforms/select.ts";
import { printJson, say } from "../terminal.ts";
import { paint, table } from "../text.ts";
import { inspectTools } from "../toolchain/doctor.ts";

export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("Say which tools are there, which are missing, and what to do. Changes nothing.")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const checks = await inspectTools();
      if (options.json) printJson(checks);
      else {
        const colours = { ok: "green", missing: "yellow", broken: "red" } as const;
        say(table(checks.map(({ name, state, detail }) => [paint(colours[state], state), name, detail])));
        for (const { name, fix, onlyFor } of checks)
          if (fix !== undefined)
            say(
              `\n${name}${onlyFor === undefined ? "" : ` (for stacks ${platformOf(onlyFor).place} only)`}: ${fix}`,
            );
      }
      if (checks.some(({ state, onlyFor }) => state !== "ok" && onlyFor === undefined))
        process.exitCode = exitCodes.missingTool;
    });
}
