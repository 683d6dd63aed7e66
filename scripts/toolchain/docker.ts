import { existsSync, readFileSync } from "node:fs";
import { dockerClient, resolveDockerHost } from "../../components/platform/docker/endpoint.ts";
import { homeFolder } from "../../infra/folders.mjs";
import { canInstallPackages, installPackages } from "./apt.ts";
import { startDocker } from "./docker/start.ts";
import type { Progress } from "./progress.ts";
import { which } from "./which.ts";

/** A Docker Engine that answers. */
export interface DockerEngine {
  /** The endpoint, such as "unix:///var/run/docker.sock". */
  host: string;
  /** The engine's version, such as "20.10.24". */
  version: string;
  /** Whether this call has started it. */
  started: boolean;
}

const ANSWER_MS = 3_000;

/**
 * Finds a running Docker Engine. As root on Debian or Ubuntu, a missing one is installed and a stopped one started; it
 * outlives this process.
 *
 * @throws with one sentence that says what is wrong and what to do
 */
export async function ensureDocker(
  progress: Progress,
  env: NodeJS.ProcessEnv = process.env,
): Promise<DockerEngine> {
  const host = resolveDockerHost(env, homeFolder(env));
  const answer = await askDocker(host);
  if (answer.version !== undefined) return { host, version: answer.version, started: false };
  if (!isLocalSystemSocket(host) || process.getuid?.() !== 0 || process.platform !== "linux") {
    throw new Error(advice(host, answer.code));
  }
  return progress.task("Docker Engine", async (update) => {
    if (!which("dockerd")) {
      if (!canInstallPackages() || !isDebian()) throw new Error(advice(host, "ENOENT"));
      update("installing docker.io with apt-get");
      await installPackages(["docker.io", "iptables"]);
    }
    const version = (await askDocker(host)).version; // a package's own script may have started it
    if (version !== undefined) return { host, version, started: true };
    update("starting");
    const started = await startDocker(async () => (await askDocker(host)).version);
    update(`${started} started`);
    return { host, version: started, started: true };
  });
}

/** Asks an engine for its version; `code` is the system's name of what went wrong, such as "ENOENT" or "EACCES". */
export async function askDocker(host: string): Promise<{ version?: string; code?: string }> {
  try {
    const asked = dockerClient(host).version();
    const late = new Promise<never>((_, reject) => {
      setTimeout(
        () => reject(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
        ANSWER_MS,
      ).unref();
    });
    return { version: (await Promise.race([asked, late])).Version };
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? String((error as Error).message) };
  }
}

/** One sentence on why there is no engine at `host` and what to do about it. */
export function advice(host: string, code: string | undefined, platform: string = process.platform): string {
  if (code === "EACCES" || code === "EPERM") {
    return `This user may not use the Docker Engine at ${host}. Run \`sudo usermod -aG docker $USER\`, log in again, and retry.`;
  }
  if (platform === "darwin") {
    return `No Docker Engine answers at ${host} (${code}). Start Docker Desktop (or colima, OrbStack) and wait until it is ready.`;
  }
  if (!isLocalSystemSocket(host)) {
    return `No Docker Engine answers at ${host} (${code}). Start it, or point DOCKER_HOST or \`docker context use\` at another one.`;
  }
  return `No Docker Engine answers at ${host} (${code}). Start it (\`sudo systemctl start docker\`), or install it (\`sudo apt-get install docker.io\`), or run this as root.`;
}

function isLocalSystemSocket(host: string): boolean {
  return host === "unix:///var/run/docker.sock" || host === "unix:///run/docker.sock";
}

function isDebian(): boolean {
  const file = "/etc/os-release";
  return existsSync(file) && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync(file, "utf8"));
}
