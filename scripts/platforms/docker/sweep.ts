import type Docker from "dockerode";
import {
  besideCluster,
  fillLabel,
  keptLabel,
  taskLabel,
  toolLabel,
} from "../../../components/plan/labels.ts";
import { labelFilter } from "../../../components/platform/docker/label-filter.ts";
import { drillLabelName, listContainers, type Ownership } from "./view.ts";

/** Names of what was removed, by kind. */
export interface Swept {
  readonly containers: string[];
  readonly volumes: string[];
  readonly networks: string[];
  /** Volumes that stay, since containers have them that aren't the stack's. */
  readonly inUse: string[];
}

/**
 * Removes what bears an owner's labels, state or no state. Never touches anything else: a container of somebody else in
 * our network makes the network stay, and the error says so.
 *
 * @param keep ids of containers and names of volumes and networks that stay
 * @param data whether volumes go that hold an application's data
 */
export async function sweep(
  docker: Docker,
  ownership: Ownership,
  keep: ReadonlySet<string> = new Set(),
  data = false,
): Promise<Swept> {
  const containers = (await listContainers(docker, ownership)).filter(({ id }) => !keep.has(id));
  await Promise.all(
    containers.map(({ id }) => docker.getContainer(id).remove({ force: true, v: true }).catch(ignoreGone)),
  );

  const filters = labelFilter({ ...ownership });
  const volumes = ((await docker.listVolumes({ filters })).Volumes ?? [])
    .filter(({ Name, Labels }) => !keep.has(Name) && (data || !isKept(Labels)))
    .map(({ Name }) => Name);
  const gone = await Promise.all(volumes.map((name) => removeVolume(docker, name)));

  const networks = (await docker.listNetworks({ filters })).filter(
    ({ Id, Name }) => !keep.has(Id) && !keep.has(Name),
  );
  await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove().catch(ignoreGone)));
  return {
    containers: containers.map(({ name }) => name),
    volumes: volumes.filter((_, index) => gone[index]),
    networks: networks.map(({ Name }) => Name),
    inUse: volumes.filter((_, index) => !gone[index]),
  };
}

/** Whether it is gone; else a container has it. */
async function removeVolume(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getVolume(name).remove();
    return true;
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode !== 404 && statusCode !== 409) throw error;
    return statusCode === 404;
  }
}

/** @param volumes at least one */
export function stillUsed(volumes: readonly string[]): string {
  const [word, them] = volumes.length === 1 ? ["stays", "it"] : ["stay", "them"];
  return `${volumes.join(", ")} ${word}: containers have ${them} that are not the cluster's (\`docker ps --all --filter volume=${volumes[0]}\` shows who)`;
}

/** Names of the volumes that hold an application's data, sorted. */
export async function keptVolumes(docker: Docker, ownership: Ownership): Promise<string[]> {
  const { Volumes } = await docker.listVolumes({ filters: labelFilter({ ...ownership, kept: true }) });
  return (Volumes ?? []).map(({ Name }) => Name).sort();
}

const isKept = (labels: Readonly<Record<string, string>> | null) => labels?.[keptLabel] !== undefined;

/**
 * Removes what stands beside a cluster and would hold its network and volumes: a drill's load, tasks that run, what was to write files and,
 * where data go, what backs them up. Names of what was removed.
 */
export async function sweepBeside(
  docker: Docker,
  { owner, stack }: Required<Ownership>,
  data: boolean,
): Promise<string[]> {
  const labels = [drillLabelName, taskLabel, fillLabel, ...(data ? [toolLabel] : [])];
  const lists = labels.map((name) => {
    const label = [`${name}=${besideCluster(owner, stack)}`];
    return docker.listContainers({ all: true, filters: { label } });
  });
  const found = (await Promise.all(lists)).flat();
  await Promise.all(found.map(({ Id }) => docker.getContainer(Id).remove({ force: true }).catch(ignoreGone)));
  return found.map(({ Id, Names: [name = Id] }) => name.replace(/^\//, ""));
}

/** What is gone already, or is just being removed, is what we wanted. */
function ignoreGone(error: { statusCode?: number }): void {
  if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
}

export function sweptCount({ containers, volumes, networks }: Omit<Swept, "inUse">): number {
  return containers.length + volumes.length + networks.length;
}
