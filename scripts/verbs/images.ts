import type { Command } from "commander";
import { askForPackagesOf, type ImageBuild, readBase } from "../../infra/images.ts";
import type { ImagePackages } from "../platforms/image-packages.ts";
import { platforms } from "../platforms/select.ts";
import { printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";

interface ImagesOptions {
  readonly json?: boolean;
  readonly packages?: boolean;
  readonly refresh?: boolean;
}

export function registerImages(program: Command): void {
  program
    .command("images")
    .description("Build the kit's own images where they are missing; `up` does it by itself.")
    .option("--refresh", "with today's packages, and so with the fixes that Debian has published")
    .option("--packages", "which packages each image has, and what differs from its build before")
    .option("--json", "print one JSON document")
    .action(async (options: ImagesOptions) => {
      const progress = new Progress();
      if (options.refresh) refresh(progress);
      const made: ImageBuild[] = [];
      const packages: ImagePackages[] = [];
      for (const platform of platforms) {
        const images = (await platform.images?.(progress)) ?? [];
        made.push(...images);
        if (options.packages && platform.packages) packages.push(...(await platform.packages(images)));
      }
      if (options.json) printJson(options.packages ? packages : made.map(({ name, ref }) => ({ name, ref })));
      else if (options.packages) packages.forEach(sayPackages);
      else for (const { ref } of made) say(ref);
    });
}

function sayPackages({ ref, digest, packages, since, changes }: ImagePackages): void {
  const all = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
  say(`${ref}: ${all.length} packages, ${digest}`);
  for (const [name, version] of all) say(`  ${name} ${version}`);
  if (since === null) return;
  say(changes.length === 0 ? `  the same as in ${since}` : `  since ${since}:`);
  for (const change of changes) say(`    ${change}`);
}

function refresh(progress: Progress): void {
  const file = askForPackagesOf(new Date().toISOString().slice(0, 10));
  progress.note(
    file === null
      ? `The images are already named by packages of ${readBase().date}; nothing to refresh before tomorrow (UTC).`
      : `${file} asks for packages of ${readBase().date} now. Commit it: \`./hotspare review\` says what it replaces, and the next \`./hotspare up\` of each stack rolls.`,
  );
}
