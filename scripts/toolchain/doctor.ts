import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { folders } from "../../infra/folders.mjs";
import { isInstalled } from "../launcher.mjs";
import { platforms } from "../platforms/select.ts";
import { byItself, type Check, space } from "./check.ts";
import { isNewEnough, LOWEST_NODE_MAJOR } from "./node-binary.mjs";
import { findLanguageHost } from "./pulumi/find.ts";
import { locatePulumi, type Pulumi } from "./pulumi.ts";
import { ROOT } from "./versions.ts";

/** A build of Pulumi needs this for a while. */
const BUILD_GB = 5;
const CACHE_GB = 1;

/** Looks at every tool that the project needs. Changes nothing, and downloads nothing. */
export async function inspectTools(env: NodeJS.ProcessEnv = process.env): Promise<Check[]> {
  const pulumi = await locatePulumi(env);
  const groups = await Promise.all([
    nodeCheck(),
    dependencies(),
    pulumiChecks(pulumi, env),
    cacheSpace(pulumi ? CACHE_GB : BUILD_GB, env),
    ...platforms.map(({ checks }) => checks(env)),
  ]);
  return groups.flat();
}

function nodeCheck(): Check {
  const detail = `${process.version} at ${process.execPath}`;
  if (isNewEnough(process.version)) return { name: "Node", state: "ok", detail };
  return {
    name: "Node",
    state: "broken",
    detail,
    fix: `start it by "./hotspare", which brings Node ${LOWEST_NODE_MAJOR}`,
  };
}

function dependencies(): Check {
  const name = "npm dependencies";
  const record = join(ROOT, "node_modules/.package-lock.json");
  if (!existsSync(record)) return { name, state: "missing", detail: "no node_modules", fix: byItself };
  if (isInstalled(readFileSync(join(ROOT, "package-lock.json"), "utf8"), readFileSync(record, "utf8"))) {
    return { name, state: "ok", detail: "as in package-lock.json" };
  }
  return { name, state: "broken", detail: "not those of package-lock.json", fix: "run `npm ci`" };
}

function pulumiChecks(pulumi: Pulumi | undefined, env: NodeJS.ProcessEnv): Check[] {
  const fix = `${byItself}: a download, or 4 to 8 minutes of building where there is no internet`;
  const missing = (name: string): Check => ({ name, state: "missing", detail: "not found", fix });
  if (!pulumi) return ["Pulumi CLI", "Node language host"].map(missing);
  const path = `${pulumi.binDir}:${env.PATH ?? ""}`;
  const at = (name: string, found: string | undefined): Check =>
    found ? { name, state: "ok", detail: found } : missing(name);
  return [
    { name: "Pulumi CLI", state: "ok", detail: `${pulumi.version} (${pulumi.origin}) in ${pulumi.binDir}` },
    at("Node language host", findLanguageHost(join(pulumi.binDir, "pulumi"), { ...env, PATH: path })),
  ];
}

function cacheSpace(neededGb: number, env: NodeJS.ProcessEnv): Check {
  const fix = "free some, or set XDG_CACHE_HOME to a folder with more";
  return space("Disk for the cache", folders(env).cache, neededGb, fix);
}
