import { existsSync, readFileSync, statfsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { dockerClient, resolveDockerHost } from "../../components/platform/docker/endpoint.ts";
import { folders } from "../../infra/folders.mjs";
import { hasImage } from "../../infra/grounds/docker/preflight.ts";
import { baseRef, runtimeImages } from "../../infra/images.ts";
import { isInstalled } from "../launcher.mjs";
import { awsProviderAdvice, locateAwsProvider } from "./aws-provider.ts";
import { advice, askDocker } from "./docker.ts";
import { isNewEnough, LOWEST_NODE_MAJOR } from "./node-binary.mjs";
import { findLanguageHost, findProvider } from "./pulumi/find.ts";
import { locatePulumi, type Pulumi } from "./pulumi.ts";
import { pinnedVersions, ROOT } from "./versions.ts";

/** One thing that the project needs, as it is now. */
export interface Check {
  name: string;
  /** `missing` is brought by the next `npm run up`, or needs `fix`; `broken` is there and will not do. */
  state: "ok" | "missing" | "broken";
  /** What was found, with versions, places and numbers. */
  detail: string;
  /** What to do about it; absent when it is in order. */
  fix?: string;
  /** Of use for stacks on AWS alone, so whoever has none lacks nothing. */
  onlyFor?: "aws";
}

const BY_ITSELF = "`npm run up` brings it";
/** A build of Pulumi needs this for a while. */
const BUILD_GB = 5;
const CACHE_GB = 1;
const ENGINE_GB = 2;

/** Looks at every tool that the project needs. Changes nothing, and downloads nothing. */
export async function inspectTools(env: NodeJS.ProcessEnv = process.env): Promise<Check[]> {
  const pulumi = await locatePulumi(env);
  const groups = await Promise.all([
    nodeCheck(),
    dependencies(),
    pulumiChecks(pulumi, env),
    dockerChecks(env),
    cacheSpace(pulumi ? CACHE_GB : BUILD_GB, env),
    awsChecks(env),
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
    fix: `start it with npm run, which brings Node ${LOWEST_NODE_MAJOR}`,
  };
}

function dependencies(): Check {
  const name = "npm dependencies";
  const record = join(ROOT, "node_modules/.package-lock.json");
  if (!existsSync(record)) return { name, state: "missing", detail: "no node_modules", fix: BY_ITSELF };
  if (isInstalled(readFileSync(join(ROOT, "package-lock.json"), "utf8"), readFileSync(record, "utf8"))) {
    return { name, state: "ok", detail: "as in package-lock.json" };
  }
  return { name, state: "broken", detail: "not those of package-lock.json", fix: "run `npm ci`" };
}

function pulumiChecks(pulumi: Pulumi | undefined, env: NodeJS.ProcessEnv): Check[] {
  const fix = `${BY_ITSELF}: a download, or 4 to 8 minutes of building where there is no internet`;
  const missing = (name: string): Check => ({ name, state: "missing", detail: "not found", fix });
  if (!pulumi) return ["Pulumi CLI", "Docker provider", "Node language host"].map(missing);
  const path = `${pulumi.binDir}:${env.PATH ?? ""}`;
  const at = (name: string, found: string | undefined): Check =>
    found ? { name, state: "ok", detail: found } : missing(name);
  return [
    { name: "Pulumi CLI", state: "ok", detail: `${pulumi.version} (${pulumi.origin}) in ${pulumi.binDir}` },
    at("Docker provider", findProvider("docker", pinnedVersions().dockerProvider, { ...env, PATH: path })),
    at("Node language host", findLanguageHost(join(pulumi.binDir, "pulumi"), { ...env, PATH: path })),
  ];
}

/** Credentials are looked for and not tried: a doctor asks nobody outside. */
async function awsChecks(env: NodeJS.ProcessEnv): Promise<Check[]> {
  const provider = locateAwsProvider(env);
  const name = "AWS provider";
  return [
    provider === undefined
      ? { name, state: "missing", detail: "not found", fix: awsProviderAdvice(env), onlyFor: "aws" }
      : { name, state: "ok", detail: provider, onlyFor: "aws" },
    await awsCredentials(),
  ];
}

async function awsCredentials(): Promise<Check> {
  const name = "AWS credentials";
  // Loaded here only: the SDK takes a while, and most commands of this file's need none of it.
  const [{ awsAccess }, { explained }] = await Promise.all([
    import("../platforms/aws/access.ts"),
    import("../platforms/aws/errors.ts"),
  ]);
  try {
    const { accessKeyId, accountId } = await awsAccess("us-east-1").autoScaling.config.credentials();
    const account = accountId === undefined ? "" : ` of the account ${accountId}`;
    return { name, state: "ok", detail: `${accessKeyId.slice(0, 4)}…${account}, not tried`, onlyFor: "aws" };
  } catch (error) {
    const { message } = explained(error, "us-east-1") as Error;
    return { name, state: "missing", detail: "not found", fix: message, onlyFor: "aws" };
  }
}

async function dockerChecks(env: NodeJS.ProcessEnv): Promise<Check[]> {
  const name = "Docker Engine";
  let host: string;
  try {
    host = resolveDockerHost(env, env.HOME ?? homedir());
  } catch (error) {
    return [{ name, state: "broken", detail: "no endpoint", fix: (error as Error).message }];
  }
  const { version, code } = await askDocker(host);
  if (version === undefined) return [{ name, state: "missing", detail: host, fix: advice(host, code) }];
  const docker = dockerClient(host);
  const local = host.startsWith("unix:") && process.platform === "linux";
  return [
    { name, state: "ok", detail: `${version} at ${host}` },
    ...(await imageChecks(docker)),
    ...(local ? [forwarding(), await engineSpace(docker)] : []),
  ];
}

function imageChecks(docker: Docker): Promise<Check[]> {
  const images = [{ name: "base", ref: baseRef() }, ...runtimeImages()];
  return Promise.all(
    images.map(async ({ name, ref }): Promise<Check> => {
      if (await hasImage(docker, ref)) return { name: `Image ${name}`, state: "ok", detail: ref };
      return { name: `Image ${name}`, state: "missing", detail: ref, fix: BY_ITSELF };
    }),
  );
}

/** Without it no packet gets from the host's network into a container's. */
function forwarding(): Check {
  const name = "IPv4 forwarding";
  const file = "/proc/sys/net/ipv4/ip_forward";
  if (existsSync(file) && readFileSync(file, "utf8").trim() === "1")
    return { name, state: "ok", detail: "on" };
  return { name, state: "broken", detail: "off", fix: "run `sudo sysctl -w net.ipv4.ip_forward=1`" };
}

async function engineSpace(docker: Docker): Promise<Check> {
  const { DockerRootDir } = await docker.info();
  return space("Disk for Docker", DockerRootDir, ENGINE_GB, "`docker system df` shows what could go");
}

function cacheSpace(neededGb: number, env: NodeJS.ProcessEnv): Check {
  const fix = "free some, or set XDG_CACHE_HOME to a folder with more";
  return space("Disk for the cache", folders(env).cache, neededGb, fix);
}

function space(name: string, folder: string, neededGb: number, fix: string): Check {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  const free = (bavail * bsize) / 1e9;
  const detail = `${free.toFixed(1)} GB free in ${folder}, ${neededGb} GB are enough`;
  return free >= neededGb ? { name, state: "ok", detail } : { name, state: "broken", detail, fix };
}
