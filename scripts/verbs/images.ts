import type { Command } from "commander";
import { platforms } from "../platforms/select.ts";
import { printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";

export function registerImages(program: Command): void {
  program
    .command("images")
    .description("Build the kit's own images where they are missing; `up` does it by itself.")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const progress = new Progress();
      const made = await Promise.all(platforms.map((platform) => platform.images?.(progress) ?? []));
      const images = made.flat();
      if (options.json) printJson(images.map(({ name, ref }) => ({ name, ref })));
      else for (const { ref } of images) say(ref);
    });
}
