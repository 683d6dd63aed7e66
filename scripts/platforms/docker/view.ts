import type Docker from "dockerode";
import { besideCluster, labelPrefix } from "../../../components/plan/labels.ts";
import { labelFilter } from "../../../components/platform/docker/label-filter.ts";

/** What Docker knows of one container of a cluster. */
export interface ContainerView {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly role: string;
  /** Docker's word: `created`, `running`, `paused`, `restarting`, `exited`, `dead`. */
  readonly state: string;
  /** Docker's sentence, e.g. `Exited (137) 5 seconds ago`. */
  readonly status: string;
  readonly image: string;
  /** Its fixed address, which a stopped one has as well; empty without a network. */
  readonly address: string;
  /** How often the machine has been replaced; while a replacement is under way two of a key exist. */
  readonly generation: number;
}

/** Which things belong to whom: the labels that all of them bear. */
export interface Ownership {
  readonly owner: string;
  /** Left out: every stack of the owner. */
  readonly stack?: string;
}

/** The labels that say so. */
export function ownershipLabels({ owner, stack }: Required<Ownership>): Record<string, string> {
  return { [`${labelPrefix}owner`]: owner, [`${labelPrefix}stack`]: stack };
}

/** Name of a drill's label. */
export const drillLabelName = `${labelPrefix}drill`;

/**
 * Label of what a drill adds to a cluster's network. Not the cluster's own labels: an `up` during a drill would remove what its
 * state doesn't know.
 */
export function drillLabel({ owner, stack }: Required<Ownership>): Record<string, string> {
  return { [drillLabelName]: besideCluster(owner, stack) };
}

/** All containers of an owner's stack, running or not, sorted by key, the newest of a key last. */
export async function listContainers(docker: Docker, ownership: Ownership): Promise<ContainerView[]> {
  const containers = await docker.listContainers({ all: true, filters: labelFilter({ ...ownership }) });
  const addresses = new Map(containers.map((container) => [container.Id, addressOf(container)]));
  return containers
    .map((container) => ({
      id: container.Id,
      name: (container.Names[0] ?? container.Id).replace(/^\//, ""),
      key: container.Labels[`${labelPrefix}key`] ?? "",
      role: container.Labels[`${labelPrefix}role`] ?? "",
      state: container.State,
      status: container.Status,
      image: container.Image,
      address: addresses.get(networkOf(container)) ?? addressOf(container),
      generation: Number(container.Labels[`${labelPrefix}generation`] ?? 0),
    }))
    .sort((a, b) => (a.key === b.key ? a.generation - b.generation : a.key < b.key ? -1 : 1));
}

/** Of each key the container that is meant: the newest, but while that isn't started yet the one that serves. @param views the newest of a key last */
export function meantByKey(views: readonly ContainerView[]): Map<string, ContainerView> {
  const meant = new Map<string, ContainerView>();
  for (const view of views) {
    const servesStill = view.state === "created" && meant.get(view.key)?.state === "running";
    if (!servesStill) meant.set(view.key, view);
  }
  return meant;
}

/** Whether a container, volume or network bears the labels of an owner's stack. */
export async function hasLabelled(docker: Docker, ownership: Required<Ownership>): Promise<boolean> {
  const filters = labelFilter({ ...ownership });
  const [containers, volumes, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters }),
    docker.listNetworks({ filters }),
  ]);
  return containers.length + (volumes.Volumes ?? []).length + networks.length > 0;
}

/** Id of the container whose network another one has; its own where it has one itself. */
function networkOf({ Id, HostConfig }: Docker.ContainerInfo): string {
  return holderOf(HostConfig?.NetworkMode) ?? Id;
}

/** Id of the container whose network a container has; null where it has its own. */
export function holderOf(networkMode: string | undefined): string | null {
  return /^container:(.+)$/.exec(networkMode ?? "")?.[1] ?? null;
}

function addressOf({ NetworkSettings }: Docker.ContainerInfo): string {
  const [network] = Object.values(NetworkSettings.Networks);
  const fixed = (network?.IPAMConfig as { IPv4Address?: string } | null | undefined)?.IPv4Address;
  return fixed ?? network?.IPAddress ?? "";
}
