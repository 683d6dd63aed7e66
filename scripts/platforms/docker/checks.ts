import { existsSync, readFileSync } from "node:fs";
import type Docker from "dockerode";
import { dockerClient, resolveDockerHost } from "../../../components/platform/docker/endpoint.ts";
import { homeFolder } from "../../../infra/folders.mjs";
import { hasImage } from "../../../infra/grounds/docker/preflight.ts";
import { baseRef, readBase, runtimeImages } from "../../../infra/images.ts";
import { byItself, type Check, space } from "../../toolchain/check.ts";
import { advice, askDocker } from "../../toolchain/docker.ts";
import { fetchedLabel } from "../../toolchain/images/base.ts";
import { allParts } from "../../toolchain/parts.ts";
import { findProvider } from "../../toolchain/pulumi/find.ts";
import { locatePulumi } from "../../toolchain/pulumi.ts";
import { pinnedVersions } from "../../toolchain/versions.ts";

/** Gigabytes. */
const neededSpace = 2;

/** Days. Critical fixes are to be there within a month (PCI DSS 4.0, 6.3.3). */
const oldPackages = 30;

export async function dockerChecks(env: NodeJS.ProcessEnv): Promise<Check[]> {
  return [await providerCheck(env), ...(await engineChecks(env))];
}

/** Stacks on other platforms need none. */
async function providerCheck(env: NodeJS.ProcessEnv): Promise<Check> {
  const about = { name: "Docker provider", onlyFor: "docker" } as const;
  const pulumi = await locatePulumi(env, allParts);
  const path = [pulumi?.binDir, env.PATH].filter(Boolean).join(":");
  const found = findProvider("docker", pinnedVersions().dockerProvider, { ...env, PATH: path });
  return found === undefined
    ? { ...about, state: "missing", detail: "not found", fix: byItself }
    : { ...about, state: "ok", detail: found };
}

async function engineChecks(env: NodeJS.ProcessEnv): Promise<Check[]> {
  const name = "Docker Engine";
  let host: string;
  try {
    host = resolveDockerHost(env, homeFolder(env));
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
    ...(local ? [forwarding(), await dockerSpace(docker)] : []),
  ];
}

async function imageChecks(docker: Docker): Promise<Check[]> {
  const there = runtimeImages().map(async ({ name, ref }): Promise<Check> => {
    if (await hasImage(docker, ref)) return { name: `Image ${name}`, state: "ok", detail: ref };
    return { name: `Image ${name}`, state: "missing", detail: ref, fix: byItself };
  });
  return [await baseCheck(docker), ...(await Promise.all(there))];
}

async function baseCheck(docker: Docker): Promise<Check> {
  const name = "Image base";
  const ref = baseRef();
  if (!(await hasImage(docker, ref))) return { name, state: "missing", detail: ref, fix: byItself };
  const { Config } = await docker.getImage(ref).inspect();
  return { name, state: "ok", ...packagesAge(ref, Config.Labels?.[fetchedLabel] ?? readBase().date) };
}

/** @param fetched UTC day on which the base image's packages were fetched; all others have the same or newer ones */
export function packagesAge(ref: string, fetched: string, now = Date.now()): Pick<Check, "detail" | "fix"> {
  const days = Math.max(0, Math.floor((now - Date.parse(fetched)) / 86_400_000));
  const detail = `${ref}, packages of ${fetched}, ${days === 1 ? "1 day" : `${days} days`} old`;
  if (days <= oldPackages) return { detail };
  return { detail, fix: "`./hotspare images --refresh` brings the fixes that Debian has published since" };
}

/** Without it no packet gets from the host's network into a container's. */
function forwarding(): Check {
  const name = "IPv4 forwarding";
  const file = "/proc/sys/net/ipv4/ip_forward";
  if (existsSync(file) && readFileSync(file, "utf8").trim() === "1")
    return { name, state: "ok", detail: "on" };
  return { name, state: "broken", detail: "off", fix: "run `sudo sysctl -w net.ipv4.ip_forward=1`" };
}

async function dockerSpace(docker: Docker): Promise<Check> {
  const { DockerRootDir } = await docker.info();
  return space("Disk for Docker", DockerRootDir, neededSpace, "`docker system df` shows what could go");
}
