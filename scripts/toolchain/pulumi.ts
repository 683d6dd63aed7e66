import { dirname, join } from "node:path";
import { folders } from "../../infra/folders.mjs";
import { allParts, engineParts, type Part } from "./parts.ts";
import type { Progress } from "./progress.ts";
import { build, cachedBuild } from "./pulumi/build.ts";
import { downloadCli, downloadProvider, downloadRoot, isDownloadable } from "./pulumi/download.ts";
import { cliOnPath, findLanguageHost, findProvider, type PulumiCli } from "./pulumi/find.ts";
import { atLeast, LOWEST_PULUMI, pinnedVersions } from "./versions.ts";
import { isExecutable } from "./which.ts";

/** A Pulumi toolchain that can run this project: CLI, Node language host and, where that is wanted, the Docker provider plugin. */
export interface Pulumi {
  /** The folder to put in front of PATH; CLI and plugins are then found, there or further behind. */
  binDir: string;
  /** The CLI's version, without a leading "v". */
  version: string;
  /** Where the CLI comes from; `cache` is an earlier download or build. */
  origin: "path" | "cache" | "download" | "built";
}

/**
 * Finds a complete Pulumi toolchain, or gets one: the CLI on PATH, then the cache, then Pulumi's download host, then a
 * build from what package registries hold (4 to 8 minutes on 2 cores, once).
 *
 * @param wanted the parts that are needed: a stack that isn't on Docker waits for no provider of Docker's
 * @throws with one sentence that says what is missing and what to do
 */
export async function ensurePulumi(
  progress: Progress,
  env: NodeJS.ProcessEnv = process.env,
  wanted: readonly Part[] = engineParts,
): Promise<Pulumi> {
  const { cache } = folders(env);
  const own = await usableCli(progress, cache, env);
  const found = findPulumi(cache, own, env, wanted);
  if (found) return found;
  const parts = missingParts(own, env, wanted);
  if (await isDownloadable()) {
    const downloaded = await download(progress, cache, own, env, wanted).catch((error: Error) => {
      progress.note(`Downloading Pulumi failed (${firstLine(error.message)}), so it is built from source.`);
    });
    if (downloaded) return downloaded;
  }
  const binDir = await build(progress, cache, parts);
  return own
    ? { binDir, version: own.version, origin: "path" }
    : { binDir, version: pinnedVersions().cli, origin: "built" };
}

/** What `ensurePulumi` would use without getting anything; undefined when something is missing. */
export async function locatePulumi(
  env: NodeJS.ProcessEnv = process.env,
  wanted: readonly Part[] = engineParts,
): Promise<Pulumi | undefined> {
  const { cache } = folders(env);
  const cli = await cliOnPath(cache, env);
  return findPulumi(cache, cli && atLeast(cli.version, LOWEST_PULUMI) ? cli : undefined, env, wanted);
}

async function usableCli(
  progress: Progress,
  cache: string,
  env: NodeJS.ProcessEnv,
): Promise<PulumiCli | undefined> {
  const cli = await cliOnPath(cache, env);
  if (!cli || atLeast(cli.version, LOWEST_PULUMI)) return cli;
  progress.note(
    `Pulumi ${cli.version} on PATH is older than ${LOWEST_PULUMI}, so hotspare uses a CLI of its own.`,
  );
  return undefined;
}

function findPulumi(
  cache: string,
  own: PulumiCli | undefined,
  env: NodeJS.ProcessEnv,
  wanted: readonly Part[],
): Pulumi | undefined {
  const parts = missingParts(own, env, wanted);
  if (own && parts.length === 0) return { binDir: dirname(own.path), version: own.version, origin: "path" };
  const built = cachedWith(cache, parts);
  if (built && own) return { binDir: built, version: own.version, origin: "path" };
  const { cli, sdk, dockerProvider } = pinnedVersions();
  const official = join(downloadRoot(cache), "bin");
  const hasProvider = !wanted.includes("provider") || findProvider("docker", dockerProvider, env);
  if (!own && isExecutable(join(official, "pulumi")) && hasProvider) {
    return { binDir: official, version: sdk, origin: "cache" };
  }
  return built ? { binDir: built, version: cli, origin: "cache" } : undefined;
}

/** A build of these parts, or of more; but none with a CLI for who has one. */
function cachedWith(cache: string, parts: readonly Part[]): string | undefined {
  const more: readonly Part[] = parts.includes("cli") ? allParts : ["provider", "host"];
  const sets = [parts, [...new Set([...parts, ...more])]];
  return sets.map((set) => cachedBuild(cache, set)).find((folder) => folder !== undefined);
}

/** Without a CLI of one's own all are made together, since they must be of one version. */
function missingParts(own: PulumiCli | undefined, env: NodeJS.ProcessEnv, wanted: readonly Part[]): Part[] {
  if (!own) return [...wanted];
  const there: Readonly<Record<Part, () => unknown>> = {
    cli: () => own,
    provider: () => findProvider("docker", pinnedVersions().dockerProvider, env),
    host: () => findLanguageHost(own.path, env),
  };
  return wanted.filter((part) => !there[part]());
}

async function download(
  progress: Progress,
  cache: string,
  own: PulumiCli | undefined,
  env: NodeJS.ProcessEnv,
  wanted: readonly Part[],
): Promise<Pulumi | undefined> {
  if (own && !findLanguageHost(own.path, env)) return undefined; // it comes with a CLI only, and there is one
  const { sdk, dockerProvider } = pinnedVersions();
  const binDir = own ? dirname(own.path) : await downloadCli(progress, cache);
  if (wanted.includes("provider") && !findProvider("docker", dockerProvider, env))
    await progress.task(`Pulumi's Docker provider ${dockerProvider}`, async (update) => {
      update("downloading");
      await downloadProvider(progress, join(binDir, "pulumi"), "docker", dockerProvider);
      update("downloaded");
    });
  return own
    ? { binDir, version: own.version, origin: "path" }
    : { binDir, version: sdk, origin: "download" };
}

const firstLine = (text: string) => text.trim().split("\n")[0];
