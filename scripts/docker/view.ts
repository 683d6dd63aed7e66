import type Docker from "dockerode";
import { labelPrefix } from "../../components/plan/labels.ts";

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
  /** How often the machine has been replaced; while a replacement is under way two of a key exist. */
  readonly generation: number;
}

/** Which things belong to whom: the labels that all of them bear. */
export interface Ownership {
  readonly owner: string;
  /** Left out: every stack of the owner. */
  readonly stack?: string;
}

/** A filter for Docker's list calls that finds what we made and nothing else. */
export function labelFilter({ owner, stack }: Ownership): string {
  const label = [
    `${labelPrefix}owner=${owner}`,
    ...(stack === undefined ? [] : [`${labelPrefix}stack=${stack}`]),
  ];
  return JSON.stringify({ label });
}

/** All containers of an owner's stack, running or not, sorted by key, the newest of a key last. */
export async function listContainers(docker: Docker, ownership: Ownership): Promise<ContainerView[]> {
  const containers = await docker.listContainers({ all: true, filters: labelFilter(ownership) });
  return containers
    .map((container) => ({
      id: container.Id,
      name: (container.Names[0] ?? container.Id).replace(/^\//, ""),
      key: container.Labels[`${labelPrefix}key`] ?? "",
      role: container.Labels[`${labelPrefix}role`] ?? "",
      state: container.State,
      status: container.Status,
      image: container.Image,
      generation: Number(container.Labels[`${labelPrefix}generation`] ?? 0),
    }))
    .sort((a, b) => (a.key === b.key ? a.generation - b.generation : a.key < b.key ? -1 : 1));
}
