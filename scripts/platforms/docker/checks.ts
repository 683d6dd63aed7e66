import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import type Docker from "dockerode";
import { dockerClient, resolveDockerHost } from "../../../components/platform/docker/endpoint.ts";
import { hasImage } from "../../../infra/grounds/docker/preflight.ts";
import { baseRef, runtimeImages } from "../../../infra/images.ts";
import { byItself, type Check, space } from "../../toolchain/check.ts";
import { advice, askDocker } from "../../toolchain/docker.ts";

/** Gigabytes. */
const neededSpace = 2;

export async function dockerChecks(env: NodeJS.ProcessEnv): Promise<Check[]> {
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
    ...(local ? [forwarding(), await dockerSpace(docker)] : []),
  ];
}

function imageChecks(docker: Docker): Promise<Check[]> {
  const images = [{ name: "base", ref: baseRef() }, ...runtimeImages()];
  return Promise.all(
    images.map(async ({ name, ref }): Promise<Check> => {
      if (await hasImage(docker, ref)) return { name: `Image ${name}`, state: "ok", detail: ref };
      return { name: `Image ${name}`, state: "missing", detail: ref, fix: byItself };
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

async function dockerSpace(docker: Docker): Promise<Check> {
  const { DockerRootDir } = await docker.info();
  return space("Disk for Docker", DockerRootDir, neededSpace, "`docker system df` shows what could go");
}
