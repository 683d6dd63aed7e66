import type { Command } from "commander";
import { askForPackagesOf, readBase } from "../../infra/images.ts";
import { platforms } from "../platforms/select.ts";
import { printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";

interface ImagesOptions {
  readonly json?: boolean;
  readonly refresh?: boolean;
}

export function registerImages(program: Command): void {
  program
    .command("images")
    .description("Build the kit's own images where they are missing; `up` does it by itself.")
    .option("--refresh", "with today's packages, and so with the fixes that Debian has published")
    .option("--json", "print one JSON document")
    .action(async (options: ImagesOptions) => {
      const progress = new Progress();
      if (options.refresh) refresh(progress);
      const made = await Promise.all(platforms.map((platform) => platform.images?.(progress) ?? []));
      const images = made.flat();
      if (options.json) printJson(images.map(({ name, ref }) => ({ name, ref })));
      else for (const { ref } of images) say(ref);
    });
}

function refresh(progress: Progress): void {
  const file = askForPackagesOf(new Date().toISOString().slice(0, 10));
  progress.note(
    file === null
      ? `The images are already named by packages of ${readBase().date}; nothing to refresh before tomorrow (UTC).`
      : `${file} asks for packages of ${readBase().date} now. Commit it: \`./hotspare review\` says what it replaces, and the next \`./hotspare up\` of each stack rolls.`,
  );
}
