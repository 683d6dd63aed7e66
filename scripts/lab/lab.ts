import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { execa } from "execa";
import { pack } from "tar-stream";
import { dockerClient } from "../../components/platform/docker/endpoint.ts";
import { homeFolder } from "../../infra/folders.mjs";
import { folderImage } from "../../infra/images.ts";
import { UserError } from "../exit.ts";
import { ensureDocker } from "../toolchain/docker.ts";
import { ensureImages } from "../toolchain/images.ts";
import type { Progress } from "../toolchain/progress.ts";
import { controllerAddress, controllerImage, startControllers } from "./controllers.ts";
import { labHostKey } from "./keys.ts";

/*
 * Servers to try the hardware platform on without hardware: containers with systemd and SSH on a bridge of their own. What a kernel of
 * one's own would show (sysctls, an engine inside, systemd's sandboxes) they can't.
 */

const label = "hotspare.lab";
/** What the controllers' container has in place of a server's name. */
const controllers = "controllers";
const networkName = "hotspare-lab";
const subnet = "10.78.60.0/24";

/** The lab's servers, as stacks/metal.ts names them. */
export const labServers = ["lab-a", "lab-b", "lab-c", "lab-d"].map((name, index) => ({
  name,
  address: `10.78.60.${11 + index}`,
}));

/** Private key that the lab's servers let in; made for this user alone. */
export function labIdentity(): string {
  const home = homeFolder();
  if (home === null)
    throw new UserError("the lab's key is in the home folder, and this user has none: set HOME");
  return join(home, ".cache", "hotspare", "lab", "id_ed25519");
}

export interface LabServer {
  readonly name: string;
  readonly address: string;
  readonly running: boolean;
}

/** Starts what is missing, and waits until SSH answers everywhere. */
export async function labUp(progress: Progress): Promise<readonly LabServer[]> {
  const { host } = await ensureDocker(progress);
  const image = folderImage("lab-server", join(import.meta.dirname, "server"));
  const ofControllers = controllerImage();
  await ensureImages(progress, host, [image, ofControllers]);
  const docker = dockerClient(host);
  await ensureNetwork(docker);
  const authorized = await publicIdentity();
  await progress.task("starting the lab's servers", async () => {
    for (const server of labServers) await start(docker, image.ref, server, authorized);
    await Promise.all(labServers.map(({ address }) => answersSsh(address)));
    await ensureControllers(docker, host, ofControllers.ref);
  });
  return look(docker);
}

/** Removes all of it. @returns how many servers there were */
export async function labDown(progress: Progress): Promise<number> {
  const { host } = await ensureDocker(progress);
  const docker = dockerClient(host);
  const found = await docker.listContainers({ all: true, filters: { label: [label] } });
  await Promise.all(found.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  const servers = found.filter(({ Labels }) => Labels[label] !== controllers);
  const networks = await docker.listNetworks({ filters: JSON.stringify({ label: [label] }) });
  await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove()));
  return servers.length;
}

/** Cuts a server's power, or gives it back. @throws UserError for a name that isn't there */
export async function labPower(progress: Progress, name: string, on: boolean): Promise<void> {
  const { host } = await ensureDocker(progress);
  const container = dockerClient(host).getContainer(containerName(name));
  try {
    if (on) await container.start();
    else await container.kill();
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode === 404)
      throw new UserError(
        `there is no server ${name}; the lab has [${labServers.map((server) => server.name).join(", ")}]`,
      );
    // It is so already.
    if (statusCode !== 304 && statusCode !== 409) throw error;
  }
}

const containerName = (name: string) => `hotspare-${name}`;

async function look(docker: Docker): Promise<LabServer[]> {
  const found = await docker.listContainers({ filters: { label: [label] } });
  const running = new Set(found.map(({ Labels }) => Labels[label]));
  return labServers.map(({ name, address }) => ({ name, address, running: running.has(name) }));
}

async function ensureNetwork(docker: Docker): Promise<void> {
  const there = await docker.listNetworks({ filters: JSON.stringify({ label: [label] }) });
  if (there.length > 0) return;
  await docker.createNetwork({
    Name: networkName,
    Labels: { [label]: "network" },
    IPAM: { Config: [{ Subnet: subnet, Gateway: "10.78.60.1" }] },
  });
}

async function ensureControllers(docker: Docker, host: string, image: string): Promise<void> {
  const [known] = await docker.listContainers({ all: true, filters: { label: [`${label}=${controllers}`] } });
  if (known?.State === "running" && known.Image === image) return;
  if (known !== undefined) await docker.getContainer(known.Id).remove({ force: true });
  const container = {
    name: `hotspare-lab-${controllers}`,
    Image: image,
    Labels: { [label]: controllers },
    HostConfig: { NetworkMode: networkName },
    NetworkingConfig: {
      EndpointsConfig: { [networkName]: { IPAMConfig: { IPv4Address: controllerAddress } } },
    },
  };
  await startControllers(
    docker,
    host,
    container,
    labServers.map(({ name }) => ({ name, container: containerName(name) })),
  );
}

async function publicIdentity(): Promise<string> {
  const file = labIdentity();
  if (!existsSync(file)) {
    mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "hotspare lab", "-f", file]);
  }
  return readFileSync(`${file}.pub`, "utf8");
}

async function start(
  docker: Docker,
  image: string,
  { name, address }: { readonly name: string; readonly address: string },
  authorized: string,
): Promise<void> {
  const [known] = await docker.listContainers({ all: true, filters: { label: [`${label}=${name}`] } });
  if (known !== undefined) {
    if (known.State !== "running") await docker.getContainer(known.Id).start();
    return;
  }
  const container = await docker.createContainer({
    name: containerName(name),
    Image: image,
    Hostname: name,
    Labels: { [label]: name },
    HostConfig: {
      NetworkMode: networkName,
      // What systemd shuts services in with, and what moves an address.
      CapAdd: ["SYS_ADMIN", "NET_ADMIN", "NET_RAW"],
      SecurityOpt: ["apparmor=unconfined"],
      Tmpfs: { "/run": "", "/run/lock": "", "/tmp": "" },
      Binds: ["/sys/fs/cgroup:/sys/fs/cgroup:ro"],
      // A container may not set them itself.
      Sysctls: { "net.ipv4.conf.all.arp_ignore": "1", "net.ipv4.conf.all.arp_announce": "2" },
    },
    NetworkingConfig: { EndpointsConfig: { [networkName]: { IPAMConfig: { IPv4Address: address } } } },
  });
  const tar = pack();
  tar.entry({ name: "etc/ssh/ssh_host_ed25519_key", mode: 0o600 }, labHostKey(name).private);
  // Else systemd would make it of the number of the machine that all of them stand on.
  tar.entry({ name: "etc/machine-id", mode: 0o444 }, `${machineId(name)}\n`);
  tar.entry({ name: "home/admin/.ssh", type: "directory", mode: 0o755 });
  tar.entry({ name: "home/admin/.ssh/authorized_keys", mode: 0o644 }, authorized);
  tar.finalize();
  await container.putArchive(await buffer(tar), { path: "/" });
  await container.start();
}

/** What the lab's servers are known by, since containers have no serial number. */
function machineId(name: string): string {
  return createHash("sha256").update(`hotspare lab: machine id of ${name}`).digest("hex").slice(0, 32);
}

async function answersSsh(address: string): Promise<void> {
  for (const until = Date.now() + 60_000; ; await sleep(200)) {
    const { stdout } = await execa("ssh-keyscan", ["-T", "2", "-t", "ed25519", address], { reject: false });
    if (stdout.includes("ssh-ed25519")) return;
    if (Date.now() > until)
      throw new UserError(`the lab's server at ${address} doesn't answer SSH after 60 s`);
  }
}
