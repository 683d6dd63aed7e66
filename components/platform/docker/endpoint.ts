import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the engine's socket is on its own host, unless somebody put it elsewhere. */
export const systemSocket = "/var/run/docker.sock";

/**
 * The Docker Engine that the `docker` command would use: DOCKER_HOST, the context of DOCKER_CONTEXT or of the Docker
 * configuration, else the first socket that exists among the system's, the user's own (rootless) and Docker Desktop's.
 *
 * @param home the user's home folder; null for somebody who has none
 * @returns such as "unix:///var/run/docker.sock"; the system's socket when nothing is there
 * @throws when the chosen context does not exist
 */
export function resolveDockerHost(env: Environment, home: string | null): string {
  return env.DOCKER_HOST || contextHost(env, home) || firstSocket(env, home);
}

/** Tells the programs that are started with `env` which engine is meant. A context goes: Pulumi's provider would prefer it. */
export function pointDocker(env: Record<string, string | undefined>, host: string): void {
  env.DOCKER_HOST = host;
  delete env.DOCKER_CONTEXT;
}

/**
 * Path of the engine's socket on the engine's own host, for a container that is given it. Docker Desktop shows a socket in
 * the user's home and has the usual one in its virtual machine; an engine that is reached by network has the usual one.
 */
export function engineSocket(host: string): string {
  const path = /^unix:\/\/(.+)$/.exec(host)?.[1];
  return path === undefined || path.includes("/.docker/") ? systemSocket : path;
}

function contextHost(env: Environment, home: string | null): string | undefined {
  const folder = configFolder(env, home);
  if (folder === null) return undefined;
  const name = env.DOCKER_CONTEXT || readJson(join(folder, "config.json"))?.currentContext;
  if (typeof name !== "string" || name === "" || name === "default") return undefined;
  // The docker command files a context under the hash of its name.
  const id = createHash("sha256").update(name).digest("hex");
  const host = readJson(join(folder, "contexts", "meta", id, "meta.json"))?.Endpoints?.docker?.Host;
  if (typeof host === "string") return host;
  throw new Error(
    `The Docker context "${name}" does not exist. Choose one of \`docker context ls\` with \`docker context use\`.`,
  );
}

/** Where the `docker` command keeps its settings; null for somebody without a home. */
function configFolder(env: Environment, home: string | null): string | null {
  return env.DOCKER_CONFIG || (home && join(home, ".docker")) || null;
}

interface DockerJson {
  currentContext?: unknown;
  Endpoints?: { docker?: { Host?: unknown } };
}

function readJson(path: string): DockerJson | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(
      `${path} can't be read: ${(error as Error).message}. Fix it, or name the engine by DOCKER_HOST.`,
    );
  }
}

function firstSocket(env: Environment, home: string | null): string {
  const ownFolder = env.XDG_RUNTIME_DIR;
  const sockets = [
    systemSocket,
    ownFolder && join(ownFolder, "docker.sock"),
    home && join(home, ".docker/run/docker.sock"),
  ];
  return `unix://${sockets.find((path) => path && existsSync(path)) ?? systemSocket}`;
}

/**
 * A Docker API client for an endpoint of `resolveDockerHost`: a unix socket, tcp (with TLS by DOCKER_TLS_VERIFY and
 * DOCKER_CERT_PATH, as the docker command does it; DOCKER_TLS alone is no leave to trust anybody, so certificates are checked
 * then too) or ssh (with the keys of the running agent).
 *
 * @throws when the endpoint is of another kind
 */
export function dockerClient(host: string, env: Environment = process.env): Docker {
  const socket = /^unix:\/\/(.+)$/.exec(host)?.[1];
  if (socket) return new Docker({ socketPath: socket });
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol === "ssh:") return overSsh(url, env);
  if (url && ["tcp:", "http:", "https:"].includes(url.protocol)) return overTcp(url, env);
  throw new Error(
    `The Docker endpoint "${host}" is not supported. Use unix://, tcp:// or ssh:// in DOCKER_HOST.`,
  );
}

function overTcp(url: URL, env: Environment): Docker {
  const tls = url.protocol === "https:" || Boolean(env.DOCKER_TLS_VERIFY || env.DOCKER_TLS);
  const address = { host: url.hostname, port: Number(url.port || (tls ? 2376 : 2375)) };
  if (!tls) return new Docker({ ...address, protocol: "http" });
  const certificates = env.DOCKER_CERT_PATH || configFolder(env, env.HOME ?? null);
  const [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map((name) =>
    certificateFile(certificates, name),
  );
  return new Docker({ ...address, protocol: "https", ...(ca && cert && key && { ca, cert, key }) });
}

function certificateFile(folder: string | null, name: string): Buffer {
  try {
    if (folder !== null) return readFileSync(join(folder, name));
  } catch {
    // Said below, with what to do.
  }
  const place = folder === null ? "there is no home to have" : `${folder} has no`;
  throw new Error(
    `The Docker Engine is asked for by TLS, and ${place} ${name}; set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem`,
  );
}

function overSsh(url: URL, env: Environment): Docker {
  return new Docker({
    protocol: "ssh",
    host: url.hostname,
    port: Number(url.port || 22),
    username: url.username,
    ...(env.SSH_AUTH_SOCK && { sshOptions: { agent: env.SSH_AUTH_SOCK } }),
  });
}
