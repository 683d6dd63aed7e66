import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { execa } from "execa";
import { kitRoot } from "../../infra/project-root.ts";
import { UserError } from "../exit.ts";

/*
 * The kit as a package for projects that have it among theirs: JavaScript with types, by the TypeScript compiler, since Node strips no types
 * below node_modules. It stands in a folder of its own and not in the checkout, whose package.json goes on naming the sources.
 */

/** What is packed. Stacks are the project's own. */
const parts = ["components", "infra", "scripts", "hotspare", "Pulumi.yaml", "README.md"] as const;

/**
 * What runs on machines and comes into images, by the names and the bytes that it has: images are called by a hash of it, so a project
 * uses those that a checkout of the same version has built.
 */
const asTheyAre = ["infra/runtime", "scripts/lab/controller", "scripts/lab/server"];

/**
 * Builds the package and packs it.
 *
 * @param folder where the archive goes; must be there
 * @returns the archive's path
 * @throws UserError with what the compiler or npm says
 */
export async function pack(folder: string): Promise<string> {
  const staged = mkdtempSync(join(tmpdir(), "hotspare-pack-"));
  try {
    await stage(staged);
    const packed = await run("npm", ["pack", staged, "--json", "--pack-destination", folder]);
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    return join(folder, filename);
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

async function stage(staged: string): Promise<void> {
  mkdirSync(staged, { recursive: true });
  for (const part of parts)
    cpSync(join(kitRoot, part), join(staged, part), { recursive: true, filter: (path) => isCopied(path) });
  await run("tsc", ["--project", join(kitRoot, "scripts/pack"), "--outDir", staged]);
  const project = readFileSync(join(kitRoot, "Pulumi.yaml"), "utf8");
  writeFileSync(join(staged, "Pulumi.yaml"), project.replace("main: infra/index.ts", "main: infra/index.js"));
  const manifest = JSON.parse(readFileSync(join(kitRoot, "package.json"), "utf8")) as Manifest;
  writeFileSync(join(staged, "package.json"), `${JSON.stringify(packageOf(manifest), undefined, 2)}\n`);
}

/** Sources are compiled, so they aren't copied as well. */
function isCopied(path: string): boolean {
  const below = (folder: string) => path.startsWith(join(kitRoot, folder, sep));
  return asTheyAre.some(below) || !path.endsWith(".ts");
}

/** Of package.json what a package's has. */
interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The package's package.json: no scripts and no tools of the checkout; vitest is the project's. */
export function packageOf(manifest: Manifest): object {
  const { scripts: _, devDependencies, exports, ...kept } = manifest as Manifest & { scripts: unknown };
  return {
    ...kept,
    exports: Object.fromEntries(Object.entries(exports).map(([name, file]) => [name, built(file)])),
    peerDependencies: { vitest: `^${devDependencies.vitest}` },
    peerDependenciesMeta: { vitest: { optional: true } },
  };
}

const built = (file: string) => ({
  types: file.replace(/\.ts$/, ".d.ts"),
  default: file.replace(/\.ts$/, ".js"),
});

async function run(command: string, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await execa(command, [...args], {
    cwd: kitRoot,
    preferLocal: true,
    reject: false,
  });
  if (exitCode !== 0)
    throw new UserError(`the package could not be built; ${command} says: ${`${stdout}\n${stderr}`.trim()}`);
  return stdout;
}
