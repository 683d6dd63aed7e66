import type { Command } from "commander";
import { runtimeImages } from "../../infra/images.ts";
import { readyDocker } from "../platforms/docker/connect.ts";
import { printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";

export function registerImages(program: Command): void {
  program
    .command("images")
    .description("Build the kit's own images where they are missing; `up` does it by itself.")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const images = runtimeImages();
      await readyDocker(new Progress(), images);
      if (options.json) printJson(images.map(({ name, ref }) => ({ name, ref })));
      else for (const { ref } of images) say(ref);
    });
}
