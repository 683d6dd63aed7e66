import { readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { pulumiHome } from "../../../infra/folders.mjs";
import { atLeast } from "../versions.ts";
import { isExecutable, which } from "../which.ts";

/** A Pulumi CLI and where it is. */
export interface PulumiCli {
  path: string;
  /** Without a leading "v". */
  version: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The Pulumi CLI on PATH, whatever its version; undefined when there is none, or one of hotspare's own in `cache`. */
export async function cliOnPath(cache: string, env: Environment): Promise<PulumiCli | undefined> {
  const path = which("pulumi", env.PATH);
  if (!path || path.startsWith(join(cache, "pulumi"))) return undefined;
  const result = await execa(path, ["version"], { reject: false, env: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
  return result.failed ? undefined : { path, version: result.stdout.trim().replace(/^v/, "") };
}

/** The Node language host that a CLI would start: on PATH, or beside the CLI. */
export function findLanguageHost(cli: string, env: Environment): string | undefined {
  const name = "pulumi-language-nodejs";
  const beside = join(dirname(realpathSync(cli)), name);
  return which(name, env.PATH) ?? (isExecutable(beside) ? beside : undefined);
}

/**
 * The provider plugin that the engine would take: on PATH, or in Pulumi's plugin folder with a fitting version.
 *
 * @param provider as in its name: `docker`, `aws`
 * @param lowest the version of its npm package
 */
export function findProvider(provider: string, lowest: string, env: Environment): string | undefined {
  const name = `pulumi-resource-${provider}`;
  return (
    which(name, env.PATH) ??
    pluginFolders(provider, env, lowest)
      .map((folder) => join(folder, name))
      .find(isExecutable)
  );
}

/** Where Pulumi keeps the plugins that it has downloaded. */
export function pluginRoot(env: Environment): string {
  return join(pulumiHome(env) ?? "/", "plugins");
}

function pluginFolders(provider: string, env: Environment, lowest: string): string[] {
  const plugins = pluginRoot(env);
  return list(plugins)
    .filter((name) => {
      const prefix = `resource-${provider}-v`;
      const version = name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
      return version?.split(".")[0] === lowest.split(".")[0] && atLeast(version ?? "", lowest);
    })
    .map((name) => join(plugins, name));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
