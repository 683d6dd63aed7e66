import type { Command } from "commander";
import { exitCodes, UserError } from "../exit.ts";
import { platformOf, platformOfKnown } from "../platforms/select.ts";
import { printJson, say } from "../terminal.ts";
import { paint, table } from "../text.ts";
import type { Check } from "../toolchain/check.ts";
import { inspectTools } from "../toolchain/doctor.ts";

export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description(
      "Say which tools are there, which are missing, and what to do; of a stack also what it stands on: servers, quotas. Changes nothing.",
    )
    .argument("[stack]", "a stack in stacks/index.ts whose ground is looked at too")
    .option("--json", "print one JSON document")
    .action(async (stack: string | undefined, options: { json?: boolean }) => {
      const checks = [...(await inspectTools()), ...(stack === undefined ? [] : await examined(stack))];
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

async function examined(stack: string): Promise<Check[]> {
  const platform = platformOfKnown(stack);
  if (platform.examine === undefined)
    throw new UserError(
      `"${stack}" is ${platform.place}, where nothing is there before the kit; \`./hotspare doctor\` without a name looks at the tools`,
      exitCodes.usage,
    );
  return platform.examine(stack);
}
