import { homedir } from "node:os";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { dockerClient, resolveDockerHost } from "../../components/platform/docker/endpoint.ts";
import { execIn } from "../../components/platform/docker/exec.ts";
import type { CommandResult } from "../../components/platform/planned/transport.ts";
import { runtimeImages } from "../../infra/images.ts";
import { ensureImages } from "../../scripts/toolchain/images.ts";
import { Progress } from "../../scripts/toolchain/progress.ts";

/*
 * Containers for tests. All that is made here bears one label, `hotspare.test=<suite>`, by which a suite removes what it,
 * or a run of it that was killed, has left.
 */

export const docker: Docker = dockerClient(resolveDockerHost(process.env, homedir()));

/** References of the images of this checkout, built when they aren't there. */
export async function images(): Promise<{ balancer: string; node: string }> {
  const host = resolveDockerHost(process.env, homedir());
  const built = await ensureImages(new Progress(), host, runtimeImages());
  const of = (name: string) => built.get(name) ?? `no image ${name}`;
  return { balancer: of("balancer"), node: of("node") };
}

/** A machine of an owner's cluster, whether it runs or not. */
export async function machineOf(owner: string, key: string): Promise<Docker.Container> {
  const label = [`hotspare.owner=${owner}`, `hotspare.key=${key}`];
  const [found] = await docker.listContainers({ all: true, filters: { label } });
  if (found === undefined) throw new Error(`there is no ${key}`);
  return docker.getContainer(found.Id);
}

export const labelOf = (suite: string) => ({ "hotspare.test": suite });

/** Creates and starts a container with the suite's label. */
export async function start(
  suite: string,
  options: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  const container = await docker.createContainer({ ...options, Labels: labelOf(suite) });
  await container.start();
  return container;
}

/** Runs a command in a container. */
export function exec(container: Docker.Container, ...command: string[]): Promise<CommandResult> {
  return execIn(docker, container.id, command);
}

/** Puts files into a container, by path below `folder`. */
export async function put(
  container: Docker.Container,
  folder: string,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<void> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name, mode: 0o644 }, content);
  tar.finalize();
  await container.putArchive(await buffer(tar), { path: folder });
}

/** Removes everything with the suite's label: containers, networks, volumes. */
export async function removeAll(suite: string): Promise<void> {
  const filters = { label: [`hotspare.test=${suite}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
  const { Volumes } = await docker.listVolumes({ filters });
  for (const { Name } of Volumes ?? []) await docker.getVolume(Name).remove();
}
